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
const MOST: usize = 4_096;
/// In bytes; no client sends a `state` that comes near it. All of them together stay below 16 MiB, whoever fills them.
const LONGEST: usize = 4 * 1024;

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
        if recent.len() < MOST && given.redirect.len() <= LONGEST {
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::oauth::grant::Answer;
    use testkit::SeededEntropy;

    const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

    fn given(redirect: &str) -> Given {
        Given { redirect: redirect.to_owned(), grant: None }
    }

    #[test]
    fn what_is_kept_has_an_end_in_number_and_in_length() {
        let (recent, entropy) = (RecentAnswers::default(), SeededEntropy::new(1));
        let session = SessionId::generate(NOW, &entropy);
        let ask = |redirect: &str| {
            let request = AuthorizationRequestId::generate(NOW, &entropy);
            recent.keep(request, session, Answer::Deny, given(redirect), NOW);
            recent.find(request, session, &Answer::Deny, NOW).is_some()
        };
        assert!(!ask(&"x".repeat(LONGEST + 1)));
        assert!((0..MOST).all(|_| ask("cursor://callback?error=access_denied")));
        assert!(!ask("cursor://callback?error=access_denied"));
        let later = NOW.plus(KEPT);
        recent.keep(AuthorizationRequestId::generate(later, &entropy), session, Answer::Deny, given("x:"), later);
        assert_eq!(recent.all().len(), 1, "what nobody can ask for any more is forgotten");
    }

    #[test]
    fn only_the_same_answer_of_the_same_session_to_the_same_request_is_repeated() {
        let (recent, entropy) = (RecentAnswers::default(), SeededEntropy::new(1));
        let sessions = [(); 2].map(|()| SessionId::generate(NOW, &entropy));
        let requests = [(); 2].map(|()| AuthorizationRequestId::generate(NOW, &entropy));
        recent.keep(requests[0], sessions[0], Answer::Deny, given("x:"), NOW);
        let approve = Answer::Approve {
            workspace: domain::id::WorkspaceId::generate(NOW, &entropy),
            ticked: domain::oauth::scope::ScopeSet::EMPTY,
        };
        let find = |request, session, answer, at| recent.find(request, session, answer, at).is_some();
        assert!(find(requests[0], sessions[0], &Answer::Deny, NOW));
        assert!(!find(requests[1], sessions[0], &Answer::Deny, NOW));
        assert!(!find(requests[0], sessions[1], &Answer::Deny, NOW));
        assert!(!find(requests[0], sessions[0], &approve, NOW));
        assert!(!find(requests[0], sessions[0], &Answer::Deny, NOW.plus(KEPT)));
    }
}
