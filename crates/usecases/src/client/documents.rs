//! What one process knows of fetching clients' documents: who is at it, what failed a moment ago, which host had enough.
//! Nothing of it has to survive; what a document said is a row.

use domain::{clock::Timestamp, oauth::client_document::DocumentUrl};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

/// Fetches at the same time, of all documents together.
const MOST_AT_ONCE: usize = 16;
/// Fetches at the same time from one host: a slow one holds up no other.
const MOST_AT_ONCE_PER_HOST: usize = 3;
/// Fetches from one host within [`WINDOW`]. Nobody shall use us to knock on somebody else's door.
const MOST_PER_HOST: u32 = 60;
const WINDOW: Duration = Duration::from_secs(60);
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
    at_once: Arc<Semaphore>,
}

#[derive(Default)]
struct Known {
    turns: HashMap<String, Weak<Turn<()>>>,
    failures: HashMap<String, (Timestamp, Fault)>,
    hosts: HashMap<String, Host>,
}

struct Host {
    /// When its window began.
    began: Timestamp,
    /// The fetches in its window.
    fetches: u32,
    at_once: Arc<Semaphore>,
}

impl Host {
    fn new(began: Timestamp) -> Self {
        Self { began, fetches: 0, at_once: Arc::new(Semaphore::new(MOST_AT_ONCE_PER_HOST)) }
    }

    fn is_at_rest(&self, now: Timestamp) -> bool {
        now.since(self.began) >= WINDOW && self.at_once.available_permits() == MOST_AT_ONCE_PER_HOST
    }
}

/// Leave to fetch, until it is dropped.
pub(super) struct Permit {
    _of_all: OwnedSemaphorePermit,
    _of_host: OwnedSemaphorePermit,
}

impl Documents {
    #[expect(clippy::new_without_default, reason = "it is made once, with the rest of what use cases are given")]
    pub fn new() -> Self {
        Self { known: Arc::default(), at_once: Arc::new(Semaphore::new(MOST_AT_ONCE)) }
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
    pub(super) fn permit(&self, host: &str, now: Timestamp) -> Result<Permit, Fault> {
        let busy =
            || Fault::Unreachable("too many documents are being read right now; try again in a minute".to_owned());
        let of_all = Arc::clone(&self.at_once).try_acquire_owned().map_err(|_| busy())?;
        let mut known = self.known();
        known.hosts.retain(|_, host| !host.is_at_rest(now));
        if !known.hosts.contains_key(host) && known.hosts.len() >= MOST_REMEMBERED {
            return Err(busy());
        }
        let host = known.hosts.entry(host.to_owned()).or_insert_with(|| Host::new(now));
        if now.since(host.began) >= WINDOW {
            (host.began, host.fetches) = (now, 0);
        }
        let of_host = Arc::clone(&host.at_once).try_acquire_owned().ok();
        let Some(of_host) = of_host.filter(|_| host.fetches < MOST_PER_HOST) else {
            let reason = "this host was asked for many documents just now; try again in a minute";
            return Err(Fault::Unreachable(reason.to_owned()));
        };
        host.fetches += 1;
        Ok(Permit { _of_all: of_all, _of_host: of_host })
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
    fn a_host_is_asked_so_often_a_minute_and_others_are_not_held_up() {
        let documents = Documents::new();
        let now = Timestamp::from_millis(0);
        for _ in 0..MOST_PER_HOST {
            assert!(documents.permit("a.example.com", now).is_ok());
        }
        assert!(documents.permit("a.example.com", now).is_err());
        assert!(documents.permit("b.example.com", now).is_ok());
        assert!(documents.permit("a.example.com", now.plus(WINDOW)).is_ok());
    }

    #[test]
    fn a_slow_host_takes_the_turns_of_no_other() {
        let documents = Documents::new();
        let mut now = Timestamp::from_millis(0);
        let mut held: Vec<_> =
            (0..MOST_AT_ONCE).map_while(|_| documents.permit("slow.example.com", now).ok()).collect();
        assert_eq!(held.len(), MOST_AT_ONCE_PER_HOST);
        assert!(documents.permit("b.example.com", now).is_ok());
        // What runs still counts when the minute is over.
        now = now.plus(WINDOW);
        assert!(documents.permit("slow.example.com", now).is_err());
        held.pop();
        assert!(documents.permit("slow.example.com", now).is_ok());
    }

    #[test]
    fn only_so_many_fetches_run_at_once() {
        let documents = Documents::new();
        let now = Timestamp::from_millis(0);
        let mut held: Vec<_> = (0..MOST_AT_ONCE).map(|n| documents.permit(&format!("h{n}.example.com"), now)).collect();
        assert!(held.iter().all(Result::is_ok));
        assert!(documents.permit("late.example.com", now).is_err());
        held.pop();
        assert!(documents.permit("late.example.com", now).is_ok());
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
