//! How much of the diary anybody may fill: so much a minute from one source, and so much from all together.

use domain::{clock::Timestamp, connection::Source};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

const OF_ONE_SOURCE: u32 = 60;
const OF_ALL: u32 = 1_200;

/// Counts minute by minute. Holds no more sources than it lets events in.
#[derive(Default)]
pub(super) struct Limit(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    all: u32,
    of: HashMap<Source, u32>,
}

impl Limit {
    /// Whether one more may be written down. What has no source was let in by a door that knows who it is.
    pub(super) fn lets_in(&self, source: Option<Source>, now: Timestamp) -> bool {
        let mut minute = self.lock();
        let number = now.as_millis().div_euclid(60_000);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        if minute.all >= OF_ALL {
            return false;
        }
        if let Some(source) = source {
            let of_source = minute.of.entry(source).or_default();
            if *of_source >= OF_ONE_SOURCE {
                return false;
            }
            *of_source += 1;
        }
        minute.all += 1;
        true
    }

    /// A count is whole after every line above, whatever became of its holder.
    fn lock(&self) -> MutexGuard<'_, Minute> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn let_in(limit: &Limit, source: u8, times: u32, now: Timestamp) -> usize {
        (0..times).filter(|_| limit.lets_in(Some(Source([source; 16])), now)).count()
    }

    #[test]
    fn one_source_fills_its_own_share_and_no_other_one() {
        let (limit, now) = (Limit::default(), Timestamp::from_millis(0));
        assert_eq!(let_in(&limit, 1, 100, now), 60);
        assert_eq!(let_in(&limit, 2, 10, now), 10);
        assert_eq!(let_in(&limit, 1, 100, now.plus(Duration::from_secs(60))), 60);
    }

    #[test]
    fn many_sources_together_have_a_limit_too() {
        let (limit, now) = (Limit::default(), Timestamp::from_millis(0));
        let total: usize = (0..=255).map(|source| let_in(&limit, source, 60, now)).sum();
        assert_eq!(total, 1_200);
        assert!(!limit.lets_in(None, now));
        assert!(limit.lets_in(None, now.plus(Duration::from_secs(60))));
    }
}
