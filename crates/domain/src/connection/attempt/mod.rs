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
    id::{GrantId, UserId},
    oauth::client::ClientId,
};
use std::time::Duration;

/// An app exchanges its code within a minute or never.
const FOR_A_CODE: Duration = Duration::from_secs(90);

/// When a connection was last used is written down once a minute.
const CALLS_ARE_KNOWN_TO: Duration = Duration::from_secs(60);

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

    /// `called_at` is when its connection, if it has one that is live, was last known to be used.
    pub fn state(&self, now: Timestamp, called_at: Option<Timestamp>) -> State {
        let Some(last) = self.events.iter().max_by_key(|event| (event.last_at, event.step)) else {
            return State::UnderWay;
        };
        if let Outcome::Failed(mismatch) = &last.outcome {
            if called_at.is_some_and(|called_at| is_overcome(mismatch, last.last_at, called_at)) {
                return State::Connected;
            }
            return State::Failed(mismatch.clone());
        }
        if called_at.is_some() {
            return State::Connected;
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

/// Whoever calls has got over whatever went wrong before. An app of many servers may show an old token while it has a new
/// one already: then the call is the earlier one, and may have been later than it is known to be.
fn is_overcome(mismatch: &Mismatch, failed_at: Timestamp, called_at: Timestamp) -> bool {
    match mismatch {
        Mismatch::TokenExpired => failed_at < called_at.plus(CALLS_ARE_KNOWN_TO),
        _ => failed_at < called_at,
    }
}
