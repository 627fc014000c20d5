//! How often one network may be in the wrong. What goes well costs nothing, so that of many who share an address nobody waits
//! for the mistakes of the others.

use super::TooFast;
use domain::clock::{Clock, Timestamp};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// So many at once, and as many a minute after that: whoever runs apps for thousands of people may find many of their tokens
/// expired at the same time.
const MOST_A_MINUTE: u64 = 600;
const MINUTE: Duration = Duration::from_secs(60);
const EACH: Duration = Duration::from_millis(60_000 / MOST_A_MINUTE);

/// What each network owes, as the time at which it owes nothing any more.
pub(super) struct Failures {
    clock: Arc<dyn Clock>,
    owed_until: Mutex<HashMap<IpAddr, Timestamp>>,
}

impl Failures {
    pub(super) fn new(clock: &Arc<dyn Clock>) -> Self {
        Self { clock: Arc::clone(clock), owed_until: Mutex::default() }
    }

    /// Whether one more would be too many.
    pub(super) fn check(&self, network: IpAddr) -> Result<(), TooFast> {
        let now = self.clock.now();
        let owed = self.owed_until().get(&network).map_or(Duration::ZERO, |until| now.until(*until));
        let over = (owed + EACH).saturating_sub(MINUTE);
        if over.is_zero() { Ok(()) } else { Err(TooFast { retry_after: over }) }
    }

    pub(super) fn count(&self, network: IpAddr) {
        let now = self.clock.now();
        let mut owed_until = self.owed_until();
        let until = owed_until.entry(network).or_insert(now);
        *until = (*until).max(now).plus(EACH).min(now.plus(MINUTE));
    }

    pub(super) fn forget_silent(&self) {
        let now = self.clock.now();
        self.owed_until().retain(|_, until| *until > now);
    }

    fn owed_until(&self) -> MutexGuard<'_, HashMap<IpAddr, Timestamp>> {
        self.owed_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FixedClock;

    fn failures() -> (Failures, FixedClock) {
        let clock = FixedClock::default();
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        (Failures::new(&shared), clock)
    }

    #[test]
    fn so_many_at_once_are_borne_and_then_one_after_the_other() {
        let (failures, clock) = failures();
        let from: IpAddr = [203, 0, 113, 7].into();
        for _ in 0..MOST_A_MINUTE {
            assert_eq!(failures.check(from), Ok(()));
            failures.count(from);
        }
        assert_eq!(failures.check(from).unwrap_err().seconds(), 1);
        assert_eq!(failures.check([203, 0, 113, 8].into()), Ok(()), "another network has its own count");
        clock.advance(EACH);
        assert_eq!(failures.check(from), Ok(()));
        failures.count(from);
        assert!(failures.check(from).is_err());
    }

    #[test]
    fn asking_costs_nothing() {
        let (failures, _) = failures();
        let from: IpAddr = [203, 0, 113, 7].into();
        assert!((0..10 * MOST_A_MINUTE).all(|_| failures.check(from).is_ok()));
    }

    #[test]
    fn whatever_it_was_is_forgotten_within_a_minute() {
        let (failures, clock) = failures();
        let from: IpAddr = [203, 0, 113, 7].into();
        for _ in 0..10 * MOST_A_MINUTE {
            failures.count(from);
        }
        clock.advance(MINUTE);
        failures.forget_silent();
        assert!(failures.owed_until().is_empty());
        for _ in 0..MOST_A_MINUTE {
            assert_eq!(failures.check(from), Ok(()));
            failures.count(from);
        }
    }
}
