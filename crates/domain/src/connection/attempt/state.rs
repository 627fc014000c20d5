//! Where an attempt stands: judged by its steps, the root cause first, and by what is known of its app and connection now.

use super::{Attempt, WINDOW};
use crate::{
    clock::Timestamp,
    connection::{ConnectionEvent, Mismatch, Outcome, Step},
    oauth::client::Standing,
};
use std::{cmp::Reverse, time::Duration};

/// An app exchanges its code within a minute or never.
const FOR_A_CODE: Duration = Duration::from_secs(90);

/// When a connection was last used is written down once a minute.
const CALLS_ARE_KNOWN_TO: Duration = Duration::from_secs(60);

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Connected,
    /// The next step may still come.
    UnderWay,
    /// The app was refused, and the operator has let it in since.
    LetIn,
    /// The app asked whether it may go on without anybody being asked, and was told no, as is usual.
    SilentCheck,
    Failed(Mismatch),
}

/// What is known besides an attempt's steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub now: Timestamp,
    /// When its connection, if it has one that is live, was last known to be used.
    pub called_at: Option<Timestamp>,
    /// Where its app stands with the operator now.
    pub standing: Option<Standing>,
    /// For how long a request waits for its answer.
    pub to_answer: Duration,
}

impl Attempt {
    pub fn state(&self, known: &Known) -> State {
        let mut open: Vec<_> = self.faults().filter(|(fault, _)| !self.went_on_after(fault)).collect();
        open.sort_by_key(|(fault, _)| Reverse((fault.last_at, fault.step)));
        let mut is_let_in = false;
        for (fault, mismatch) in open {
            if known.called_at.is_some_and(|called_at| is_overcome(mismatch, fault.last_at, called_at)) {
                return State::Connected;
            }
            if mismatch.is_ordinary() {
                return State::SilentCheck;
            }
            match self.cause(fault, mismatch).as_it_stands(fault.step, known.standing) {
                Some(mismatch) => return State::Failed(mismatch),
                None => is_let_in = true,
            }
        }
        if is_let_in && self.grant().is_none() { State::LetIn } else { self.progress(known) }
    }

    /// Whether the operator's rules refused it once, so that it matters where the app stands now.
    pub fn was_refused(&self) -> bool {
        self.faults().any(|(_, mismatch)| mismatch.is_refusal())
    }

    /// What failed, by time.
    pub(super) fn faults(&self) -> impl Iterator<Item = (&ConnectionEvent, &Mismatch)> {
        self.events.iter().filter_map(|event| event.outcome.mismatch().map(|mismatch| (event, mismatch)))
    }

    /// Whether something that went well later has made up for it. To look around once more is no way on from a request that
    /// was refused.
    fn went_on_after(&self, fault: &ConnectionEvent) -> bool {
        self.events.iter().filter(|event| event.outcome == Outcome::Passed).any(|event| {
            (event.last_at, event.step) > (fault.last_at, fault.step)
                && (fault.step > Step::Authorize || event.step >= fault.step)
        })
    }

    /// What merely followed from an earlier fault is told by that one.
    fn cause<'a>(&'a self, fault: &'a ConnectionEvent, mismatch: &'a Mismatch) -> &'a Mismatch {
        let earlier = self
            .faults()
            .take_while(|(event, _)| event.id != fault.id)
            .find(|(_, earlier)| mismatch.may_follow_from(earlier));
        match earlier {
            Some((event, earlier)) => self.cause(event, earlier),
            None => mismatch,
        }
    }

    /// How far it has come, where nothing is in its way.
    fn progress(&self, known: &Known) -> State {
        if known.called_at.is_some() {
            return State::Connected;
        }
        let passed = || self.events.iter().filter(|event| event.outcome == Outcome::Passed);
        let silent_for = known.now.since(self.last_at());
        let (waited, patience, silence) = match passed().map(|event| event.step).max() {
            Some(Step::FirstCall) => return State::Connected,
            Some(Step::Token) if silent_for <= WINDOW => return State::Connected,
            Some(Step::Token) => (silent_for, WINDOW, Mismatch::NeverCalled),
            Some(Step::Consent) => (silent_for, FOR_A_CODE, Mismatch::NeverCameBack),
            // A request is open for so long from its beginning, however often somebody looks at it.
            Some(Step::Authorize) => {
                let asked_at = passed().filter(|event| event.step == Step::Authorize).map(|event| event.at).min();
                let waited = known.now.since(asked_at.unwrap_or(known.now));
                (waited, known.to_answer, Mismatch::NeverAnswered)
            }
            Some(Step::Registration) => (silent_for, WINDOW, Mismatch::NeverAsked),
            Some(Step::Challenge | Step::Metadata) | None => (silent_for, WINDOW, Mismatch::NeverWentOn),
        };
        if waited > patience { State::Failed(silence) } else { State::UnderWay }
    }
}

impl Mismatch {
    /// What an operator's refusal has become since; none where they have let the app in. `step` is where it was refused.
    fn as_it_stands(&self, step: Step, standing: Option<Standing>) -> Option<Self> {
        match (self, standing) {
            (Self::BlockedClient | Self::ApprovalNeeded, Some(standing)) => match standing {
                Standing::Allowed => None,
                // What was granted earlier goes on.
                Standing::Asked if step >= Step::Token => None,
                Standing::Asked => Some(Self::ApprovalNeeded),
                Standing::Blocked => Some(Self::BlockedClient),
            },
            _ => Some(self.clone()),
        }
    }
}

/// Whoever calls has got over whatever went wrong before. Where an app shows an old token or misses the connector once while
/// it gets through else, the call that is known is the earlier one, and there may have been later ones.
fn is_overcome(mismatch: &Mismatch, failed_at: Timestamp, called_at: Timestamp) -> bool {
    match mismatch {
        Mismatch::TokenExpired | Mismatch::WrongPath { .. } => failed_at < called_at.plus(CALLS_ARE_KNOWN_TO),
        _ => failed_at < called_at,
    }
}
