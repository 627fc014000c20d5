//! Where somebody looked in lately without saying who they are, so that a call with a good token from there tells that it was
//! an app that is connected already. In memory alone, so that calls cost the diary no row each.

use domain::{
    clock::Timestamp,
    connection::{Source, WINDOW},
};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// More look-ins than the diary takes down within the window are not held.
const MOST: usize = 12_000;

#[derive(Default)]
pub(super) struct LookedIn(Mutex<HashMap<Source, Timestamp>>);

impl LookedIn {
    pub(super) fn remember(&self, source: Source, now: Timestamp) {
        let mut places = self.places();
        if places.len() >= MOST {
            places.retain(|_, at| now.since(*at) <= WINDOW);
        }
        if places.len() < MOST {
            places.insert(source, now);
        }
    }

    /// The source of a call, where somebody looked in from there within the window and nobody has called since: once for each
    /// look-in. A source costs a hash, so it is asked for only where there is anything to find.
    pub(super) fn answered_by(&self, source: impl FnOnce() -> Source, now: Timestamp) -> Option<Source> {
        if self.places().is_empty() {
            return None;
        }
        let source = source();
        let looked_in_at = self.places().remove(&source)?;
        (now.since(looked_in_at) <= WINDOW).then_some(source)
    }

    /// Each entry is whole after every line above, whatever became of its holder.
    fn places(&self) -> MutexGuard<'_, HashMap<Source, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn source(number: u16) -> Source {
        let [high, low] = number.to_be_bytes();
        let mut bytes = [0; 16];
        (bytes[0], bytes[1]) = (high, low);
        Source(bytes)
    }

    #[test]
    fn a_call_answers_the_look_ins_of_its_place_within_the_window_once() {
        let (looked_in, now) = (LookedIn::default(), Timestamp::from_millis(0));
        looked_in.remember(source(1), now);
        looked_in.remember(source(2), now);
        assert!(looked_in.answered_by(|| source(3), now).is_none(), "of another place");
        assert_eq!(looked_in.answered_by(|| source(1), now.plus(WINDOW)), Some(source(1)));
        assert!(looked_in.answered_by(|| source(1), now.plus(WINDOW)).is_none(), "once");
        assert!(looked_in.answered_by(|| source(2), now.plus(WINDOW + Duration::from_millis(1))).is_none(), "too late");
    }

    #[test]
    fn however_many_look_in_no_more_are_held_than_the_diary_takes_down() {
        let (looked_in, now) = (LookedIn::default(), Timestamp::from_millis(0));
        for number in 0..13_000 {
            looked_in.remember(source(number), now);
        }
        assert_eq!(looked_in.places().len(), MOST);
        let later = now.plus(WINDOW + Duration::from_millis(1));
        looked_in.remember(source(13_000), later);
        assert_eq!(looked_in.places().len(), 1);
        assert!(looked_in.answered_by(|| source(13_000), later).is_some());
    }
}
