//! Leave to fetch what clients publish: so many fetches at once, and from one host only so many and so often. Each purpose has
//! permits of its own, so that whoever is slow with one thing holds up no other. So have the addresses that were read well
//! before: a stranger has as many hosts as they like.

use domain::clock::Timestamp;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Fetches at the same time, of all hosts of one standing together.
const MOST_AT_ONCE: usize = 16;
/// Fetches at the same time from one host: a slow one holds up no other.
const MOST_AT_ONCE_PER_HOST: usize = 3;
/// Fetches from one host within [`WINDOW`]. Nobody shall use us to knock on somebody else's door.
const MOST_PER_HOST: u32 = 60;
const WINDOW: Duration = Duration::from_secs(60);
/// Strangers fill the list of hosts.
const MOST_REMEMBERED: usize = 1_000;

/// Why there is no leave to fetch now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Busy {
    #[error("too many documents are being read right now; try again in a minute")]
    All,
    #[error("this host was asked for many documents just now; try again in a minute")]
    Host,
}

/// What is known of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// What lies there was read well.
    Known,
    Stranger,
}

impl Standing {
    pub(super) const fn of(was_read: bool) -> Self {
        if was_read { Self::Known } else { Self::Stranger }
    }
}

/// Cheap to clone; clones count together.
#[derive(Clone, Default)]
pub(super) struct Permits {
    known: Pool,
    strangers: Pool,
}

#[derive(Clone)]
struct Pool {
    at_once: Arc<Semaphore>,
    hosts: Arc<Mutex<HashMap<String, Host>>>,
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

impl Permits {
    /// Leave to fetch from a host, held until the fetch is over.
    pub(super) fn take(&self, host: &str, standing: Standing, now: Timestamp) -> Result<Permit, Busy> {
        match standing {
            Standing::Known => self.known.take(host, now),
            Standing::Stranger => self.strangers.take(host, now),
        }
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self { at_once: Arc::new(Semaphore::new(MOST_AT_ONCE)), hosts: Arc::default() }
    }
}

impl Pool {
    fn take(&self, host: &str, now: Timestamp) -> Result<Permit, Busy> {
        let of_all = Arc::clone(&self.at_once).try_acquire_owned().map_err(|_| Busy::All)?;
        let mut hosts = self.hosts();
        hosts.retain(|_, host| !host.is_at_rest(now));
        if !hosts.contains_key(host) && hosts.len() >= MOST_REMEMBERED {
            return Err(Busy::All);
        }
        let host = hosts.entry(host.to_owned()).or_insert_with(|| Host::new(now));
        if now.since(host.began) >= WINDOW {
            (host.began, host.fetches) = (now, 0);
        }
        let of_host = Arc::clone(&host.at_once).try_acquire_owned().map_err(|_| Busy::Host)?;
        if host.fetches >= MOST_PER_HOST {
            return Err(Busy::Host);
        }
        host.fetches += 1;
        Ok(Permit { _of_all: of_all, _of_host: of_host })
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_so_often_a_minute_and_others_are_not_held_up() {
        let permits = Pool::default();
        let now = Timestamp::from_millis(0);
        for _ in 0..MOST_PER_HOST {
            assert!(permits.take("a.example.com", now).is_ok());
        }
        assert_eq!(permits.take("a.example.com", now).err(), Some(Busy::Host));
        assert!(permits.take("b.example.com", now).is_ok());
        assert!(permits.take("a.example.com", now.plus(WINDOW)).is_ok());
    }

    #[test]
    fn a_slow_host_takes_the_turns_of_no_other() {
        let permits = Pool::default();
        let mut now = Timestamp::from_millis(0);
        let mut held: Vec<_> = (0..MOST_AT_ONCE).map_while(|_| permits.take("slow.example.com", now).ok()).collect();
        assert_eq!(held.len(), MOST_AT_ONCE_PER_HOST);
        assert!(permits.take("b.example.com", now).is_ok());
        // What runs still counts when the minute is over.
        now = now.plus(WINDOW);
        assert_eq!(permits.take("slow.example.com", now).err(), Some(Busy::Host));
        held.pop();
        assert!(permits.take("slow.example.com", now).is_ok());
    }

    #[test]
    fn only_so_many_fetches_run_at_once() {
        let permits = Pool::default();
        let now = Timestamp::from_millis(0);
        let mut held: Vec<_> = (0..MOST_AT_ONCE).map(|n| permits.take(&format!("h{n}.example.com"), now)).collect();
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(permits.take("late.example.com", now).err(), Some(Busy::All));
        held.pop();
        assert!(permits.take("late.example.com", now).is_ok());
    }

    #[test]
    fn strangers_under_however_many_names_take_the_turn_of_nobody_who_is_known() {
        let permits = Permits::default();
        let now = Timestamp::from_millis(0);
        let slow = |number: usize| permits.take(&format!("h{}.example.com", number % 6), Standing::Stranger, now);
        let held: Vec<_> = (0..MOST_AT_ONCE).map(slow).collect();
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(permits.take("a.example.com", Standing::Stranger, now).err(), Some(Busy::All));
        assert!(permits.take("a.example.com", Standing::Known, now).is_ok());
        assert!(permits.take("h0.example.com", Standing::Known, now).is_ok(), "whatever else its host is asked for");
    }
}
