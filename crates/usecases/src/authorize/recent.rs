//! The answers of the last minute, kept in memory: a second click on the same button cancels the first one's answer on its way
//! to the browser, so it is given the same answer once more. There is never a second code.

use domain::{
    clock::Timestamp,
    id::{AuthorizationRequestId, GrantId, SessionId},
    oauth::grant::Answer,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Nobody clicks twice with more time in between; codes live no longer either.
const KEPT: Duration = Duration::from_secs(60);
/// More than a crowd of people answers in a minute.
const MOST: usize = 10_000;

/// Holds redirect addresses, in which codes are: it has no `Debug` on purpose.
#[derive(Clone, Default)]
pub struct RecentAnswers(Arc<Mutex<HashMap<AuthorizationRequestId, Recent>>>);

struct Recent {
    at: Timestamp,
    session: SessionId,
    answer: Answer,
    given: Given,
}

/// Where the browser was sent, and the grant if one was given.
#[derive(Clone)]
pub(super) struct Given {
    pub redirect: String,
    pub grant: Option<GrantId>,
}

impl RecentAnswers {
    pub(super) fn keep(
        &self,
        request: AuthorizationRequestId,
        session: SessionId,
        answer: Answer,
        given: Given,
        now: Timestamp,
    ) {
        let mut recent = self.all();
        recent.retain(|_, kept| kept.is_recent(now));
        if recent.len() < MOST {
            recent.insert(request, Recent { at: now, session, answer, given });
        }
    }

    /// What was given for the very same answer of the very same session.
    pub(super) fn find(
        &self,
        request: AuthorizationRequestId,
        session: SessionId,
        answer: &Answer,
        now: Timestamp,
    ) -> Option<Given> {
        let recent = self.all();
        let kept = recent.get(&request)?;
        (kept.is_recent(now) && kept.session == session && kept.answer == *answer).then(|| kept.given.clone())
    }

    fn all(&self) -> MutexGuard<'_, HashMap<AuthorizationRequestId, Recent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recent {
    fn is_recent(&self, now: Timestamp) -> bool {
        now.since(self.at) < KEPT
    }
}
