//! A clock that stands still until it is told to move.

use domain::clock::{Clock, Timestamp};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

/// Clones show the same time, so a test keeps one and gives the house another.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    pub fn new(now: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(now.as_millis())))
    }

    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millis(), Ordering::SeqCst);
    }

    /// Moves on, and tells the new time.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let now = self.now().plus(by);
        self.set(now);
        now
    }
}

/// 2026-11-21T09:41:00Z, a Saturday in the middle of a month.
impl Default for FixedClock {
    fn default() -> Self {
        Self::new(Timestamp::from_millis(1_795_254_060_000))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_moves_only_when_told_and_for_every_clone() {
        let clock = FixedClock::default();
        let other = clock.clone();
        assert_eq!(other.now().to_rfc3339(), "2026-11-21T09:41:00Z");
        clock.advance(Duration::from_secs(60));
        assert_eq!(other.now().to_rfc3339(), "2026-11-21T09:42:00Z");
    }
}
