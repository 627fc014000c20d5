//! One app on its way to a connection: its steps, and where it stands.

mod line;
mod sort;
mod state;
#[cfg(test)]
mod tests;

pub use line::{Line, lines};
pub use sort::{WINDOW, attempts};
pub use state::{Known, State};

use super::ConnectionEvent;
use crate::{
    clock::Timestamp,
    id::{GrantId, UserId},
    oauth::client::ClientId,
};

/// One app on its way, its steps by time. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub events: Vec<ConnectionEvent>,
}

impl Attempt {
    pub fn client(&self) -> Option<&ClientId> {
        self.events.iter().find_map(|event| event.client.as_ref())
    }

    pub fn grant(&self) -> Option<GrantId> {
        self.events.iter().find_map(|event| event.grant)
    }

    /// Who was signed in last.
    pub fn user(&self) -> Option<UserId> {
        self.events.iter().rev().find_map(|event| event.user)
    }

    /// What the app called itself whose registration was refused.
    pub fn claimed_name(&self) -> Option<&str> {
        self.faults().find_map(|(_, mismatch)| mismatch.claimed_name())
    }

    /// Whether it is only what somebody sent in an app's name, without any proof.
    pub fn is_unproven(&self) -> bool {
        self.events.iter().all(ConnectionEvent::is_unproven)
    }

    pub fn began_at(&self) -> Timestamp {
        self.events.iter().map(|event| event.at).min().unwrap_or(Timestamp::from_millis(0))
    }

    pub fn last_at(&self) -> Timestamp {
        self.events.iter().map(|event| event.last_at).max().unwrap_or(Timestamp::from_millis(0))
    }
}
