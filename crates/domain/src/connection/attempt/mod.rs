//! One app on its way to a connection: its steps, and where it stands.

mod line;
mod sort;
#[cfg(test)]
mod tests;

pub use line::{Line, lines};
pub use sort::{WINDOW, attempts};

use super::{ConnectionEvent, Mismatch, Outcome, Step};
use crate::{
    clock::Timestamp,
    id::{AuthorizationRequestId, GrantId, UserId},
    oauth::client::ClientId,
};
use std::time::Duration;

/// An app exchanges its code within a minute or never.
const FOR_A_CODE: Duration = Duration::from_secs(90);

/// One app on its way, its steps by time. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub events: Vec<ConnectionEvent>,
}

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Connected,
    /// The next step may still come.
    UnderWay,
    Failed(Mismatch),
}

impl Attempt {
    pub fn client(&self) -> Option<&ClientId> {
        self.events.iter().find_map(|event| event.client.as_ref())
    }

    pub fn grant(&self) -> Option<GrantId> {
        self.events.iter().find_map(|event| event.grant)
    }

    pub fn request(&self) -> Option<AuthorizationRequestId> {
        self.events.iter().find_map(|event| event.request)
    }

    /// Who was signed in last.
    pub fn user(&self) -> Option<UserId> {
        self.events.iter().rev().find_map(|event| event.user)
    }

    pub fn began_at(&self) -> Timestamp {
        self.events.iter().map(|event| event.at).min().unwrap_or(Timestamp::from_millis(0))
    }

    pub fn last_at(&self) -> Timestamp {
        self.events.iter().map(|event| event.last_at).max().unwrap_or(Timestamp::from_millis(0))
    }

    pub fn state(&self, now: Timestamp) -> State {
        let Some(last) = self.events.iter().max_by_key(|event| (event.last_at, event.step)) else {
            return State::UnderWay;
        };
        if let Outcome::Failed(mismatch) = &last.outcome {
            return State::Failed(mismatch.clone());
        }
        let furthest =
            self.events.iter().filter(|event| event.outcome == Outcome::Passed).map(|event| event.step).max();
        let silent_for = now.since(last.last_at);
        let (patience, silence) = match furthest {
            Some(Step::FirstCall) => return State::Connected,
            Some(Step::Token) if silent_for <= WINDOW => return State::Connected,
            Some(Step::Token) => (WINDOW, Mismatch::NeverCalled),
            Some(Step::Consent) => (FOR_A_CODE, Mismatch::NeverCameBack),
            Some(Step::Authorize) => (WINDOW, Mismatch::NeverAnswered),
            Some(Step::Registration) => (WINDOW, Mismatch::NeverAsked),
            Some(Step::Challenge | Step::Metadata) | None => (WINDOW, Mismatch::NeverWentOn),
        };
        if silent_for > patience { State::Failed(silence) } else { State::UnderWay }
    }
}
