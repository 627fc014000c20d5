//! What one process knows of fetching clients' documents: who is at it, what failed a moment ago.
//! Nothing of it has to survive; what a document said is a row.

use super::permits::{Permit, Permits, Standing};
use domain::{clock::Timestamp, oauth::client_document::DocumentUrl};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// After a failure the same document is left alone for this long.
const PAUSE: Duration = Duration::from_secs(30);
/// Entries of each of the lists below: strangers fill them.
const MOST_REMEMBERED: usize = 1_000;

/// Why a document was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing was learned of it: the host is away, or keeps servers out.
    Unreachable(String),
    /// It was read, and can't be accepted.
    Refused(String),
}

impl Fault {
    pub(super) fn into_reason(self) -> String {
        match self {
            Self::Unreachable(reason) | Self::Refused(reason) => reason,
        }
    }
}

/// Cheap to clone; clones share what they know.
#[derive(Clone)]
pub struct Documents {
    known: Arc<Mutex<Known>>,
    permits: Permits,
}

#[derive(Default)]
struct Known {
    turns: HashMap<String, Weak<Turn<()>>>,
    failures: HashMap<String, (Timestamp, Fault)>,
}

impl Documents {
    #[expect(clippy::new_without_default, reason = "it is made once, with the rest of what use cases are given")]
    pub fn new() -> Self {
        Self { known: Arc::default(), permits: Permits::default() }
    }

    /// Waits until nobody else reads this document: whoever comes second finds what the first one learned.
    pub(super) async fn turn(&self, url: &DocumentUrl) -> OwnedMutexGuard<()> {
        let turn = {
            let mut known = self.known();
            let turn = known.turns.get(url.as_str()).and_then(Weak::upgrade).unwrap_or_default();
            known.turns.retain(|_, turn| turn.strong_count() > 0);
            known.turns.insert(url.as_str().to_owned(), Arc::downgrade(&turn));
            turn
        };
        turn.lock_owned().await
    }

    /// What went wrong with this document a moment ago.
    pub(super) fn recent_failure(&self, url: &DocumentUrl, now: Timestamp) -> Option<Fault> {
        let known = self.known();
        let (at, fault) = known.failures.get(url.as_str())?;
        (now.since(*at) < PAUSE).then(|| fault.clone())
    }

    pub(super) fn note_failure(&self, url: &DocumentUrl, now: Timestamp, fault: Fault) {
        let mut known = self.known();
        known.failures.retain(|_, (at, _)| now.since(*at) < PAUSE);
        if known.failures.len() < MOST_REMEMBERED {
            known.failures.insert(url.as_str().to_owned(), (now, fault));
        }
    }

    /// Leave to fetch from a host, held until the fetch is over.
    pub(super) fn permit(&self, host: &str, standing: Standing, now: Timestamp) -> Result<Permit, Fault> {
        self.permits.take(host, standing, now).map_err(|busy| Fault::Unreachable(busy.to_string()))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::oauth::client_document::Reach;

    fn url(text: &str) -> DocumentUrl {
        DocumentUrl::parse(text, Reach::Public).unwrap().unwrap()
    }

    #[test]
    fn a_failure_is_remembered_for_a_moment_and_not_without_bound() {
        let documents = Documents::new();
        let now = Timestamp::from_millis(0);
        let fault = Fault::Unreachable("away".to_owned());
        for number in 0..2 * MOST_REMEMBERED {
            documents.note_failure(&url(&format!("https://a.example.com/{number}")), now, fault.clone());
        }
        assert_eq!(documents.known().failures.len(), MOST_REMEMBERED);
        let first = url("https://a.example.com/0");
        assert_eq!(documents.recent_failure(&first, now), Some(fault));
        assert_eq!(documents.recent_failure(&first, now.plus(PAUSE)), None);
    }

    #[tokio::test]
    async fn turns_that_are_over_are_forgotten() {
        let documents = Documents::new();
        drop(documents.turn(&url("https://a.example.com/c")).await);
        let _turn = documents.turn(&url("https://b.example.com/c")).await;
        assert_eq!(documents.known().turns.len(), 1);
    }
}
