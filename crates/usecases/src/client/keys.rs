//! The key sets that clients publish at their `jwks_uri`, as this process has read them. Nothing of it has to survive.

use super::permits::{Permits, Standing};
use crate::Deps;
use domain::{clock::Timestamp, oauth::jwk::KeySet};
use providers::http::FetchLimits;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use tracing::Instrument as _;
use url::Url;

/// A set is read again when it is this old.
const FRESH_FOR: Duration = Duration::from_secs(300);
/// An old copy serves this long while no newer one can be had: a key that was taken back must not live on in it.
const STALE_AT_MOST: Duration = Duration::from_secs(3_600);
/// So long it is remembered that a set was read well, though nobody asks for it meanwhile.
const KNOWN_FOR: Duration = Duration::from_secs(7 * 86_400);
/// One set is not asked for more often than this, whatever is sent here.
const PAUSE: Duration = Duration::from_secs(30);
/// Strangers fill the list.
const MOST_REMEMBERED: usize = 1_000;
const LIMITS: FetchLimits = FetchLimits { max_bytes: 64 * 1024, timeout: Duration::from_secs(5) };

/// How old a copy may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    Fresh,
    /// Newer than the one that was read a moment ago and did not do.
    Newer,
}

/// Why there is no set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// Its publisher gave none, now or a moment ago.
    Unreachable,
    /// Nobody was asked: too much is being read right now.
    Busy,
}

/// Cheap to clone; clones share what they know.
#[derive(Clone, Default)]
pub struct KeySets {
    known: Arc<Mutex<HashMap<String, Arc<Turn<Entry>>>>>,
    /// Not those of clients' documents: whoever is slow with its keys keeps nobody from being known.
    permits: Permits,
}

#[derive(Default)]
struct Entry {
    /// The copy, and when it was read.
    copy: Option<(Timestamp, Arc<KeySet>)>,
    asked_at: Option<Timestamp>,
    /// Whether its publisher gave a set when it was asked the last time.
    was_read: bool,
}

impl Entry {
    fn set(&self) -> Option<Arc<KeySet>> {
        self.copy.as_ref().map(|(_, set)| Arc::clone(set))
    }

    fn is_remembered(&self, now: Timestamp) -> bool {
        let long = if self.was_read { KNOWN_FOR } else { STALE_AT_MOST };
        self.asked_at.is_some_and(|asked_at| now.since(asked_at) < long)
    }
}

impl KeySets {
    /// The set at `uri`, if it can be read, and so soon again. Whoever comes second waits for what the first one learns.
    pub(super) async fn read(&self, deps: &Deps, uri: &str, age: Age) -> Result<Arc<KeySet>, Unread> {
        let entry = self.entry(uri, deps.now()).lock_owned().await;
        let now = deps.now();
        let wait = if entry.copy.is_some() && age == Age::Fresh { FRESH_FOR } else { PAUSE };
        if entry.asked_at.is_some_and(|asked_at| now.since(asked_at) < wait) {
            return entry.set().filter(|_| age == Age::Fresh).ok_or(Unread::Unreachable);
        }
        // Whoever sent the assertion may hang up meanwhile. That must not cost the client the set, nor its good name.
        let asking = self.clone().ask(deps.clone(), uri.to_owned(), entry);
        tokio::spawn(asking.in_current_span()).await.unwrap_or(Err(Unread::Unreachable))
    }

    async fn ask(self, deps: Deps, uri: String, mut entry: OwnedMutexGuard<Entry>) -> Result<Arc<KeySet>, Unread> {
        let now = deps.now();
        let (read, unread) = match self.permits.take(&host(&uri), Standing::of(entry.was_read), now) {
            Ok(_permit) => {
                entry.asked_at = Some(now);
                let read = fetch(&deps, &uri).await;
                entry.was_read = read.is_ok();
                (read, Unread::Unreachable)
            }
            // Nobody was asked, so the next request need not wait.
            Err(busy) => (Err(busy.to_string()), Unread::Busy),
        };
        match read {
            Ok(set) => entry.copy = Some((now, Arc::new(set))),
            Err(reason) => {
                tracing::info!(reason, "A client's keys could not be read");
                entry.copy = entry.copy.take().filter(|(read_at, _)| now.since(*read_at) < STALE_AT_MOST);
            }
        }
        entry.set().ok_or(unread)
    }

    fn entry(&self, uri: &str, now: Timestamp) -> Arc<Turn<Entry>> {
        let mut known = self.known();
        if let Some(entry) = known.get(uri) {
            return Arc::clone(entry);
        }
        known.retain(|_, entry| is_held(entry) || entry.try_lock().is_ok_and(|entry| entry.is_remembered(now)));
        if known.len() >= MOST_REMEMBERED {
            let waiting = known.iter().filter(|(_, entry)| !is_held(entry));
            // Those that were never read first, however many strangers name.
            let least = waiting.min_by_key(|(_, entry)| worth(entry)).map(|(uri, _)| uri.clone());
            least.and_then(|uri| known.remove(&uri));
        }
        Arc::clone(known.entry(uri.to_owned()).or_default())
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Arc<Turn<Entry>>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether somebody reads it, or waits for who does. Only an entry that is let go is ever forgotten.
fn is_held(entry: &Arc<Turn<Entry>>) -> bool {
    Arc::strong_count(entry) > 1
}

/// The one that was asked for last is worth most, and one that was read more than one that was not. Nobody's entry is locked
/// by nobody.
fn worth(entry: &Turn<Entry>) -> Option<(bool, Option<Timestamp>)> {
    entry.try_lock().ok().map(|entry| (entry.was_read, entry.asked_at))
}

fn host(uri: &str) -> String {
    Url::parse(uri).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

async fn fetch(deps: &Deps, uri: &str) -> Result<KeySet, String> {
    let fetched = deps.network.fetch_json(uri, LIMITS).await.map_err(|error| error.to_string())?;
    let set = serde_json::from_slice(&fetched.body).map_err(|_| "the answer is no JSON".to_owned())?;
    // Before any signature was looked at: what is kept has to be small.
    Ok(KeySet::read(&set))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(seconds: u64) -> Timestamp {
        Timestamp::from_millis(0).plus(Duration::from_secs(seconds))
    }

    /// A list with this many sets, each asked for a millisecond after the one before.
    fn filled(number: usize) -> KeySets {
        let sets = KeySets::default();
        for (number, millis) in (0..number).zip(0..) {
            let now = Timestamp::from_millis(millis);
            sets.entry(&format!("https://a.example/{number}"), now).try_lock().unwrap().asked_at = Some(now);
        }
        sets
    }

    fn is_known(sets: &KeySets, number: usize) -> bool {
        sets.known().contains_key(&format!("https://a.example/{number}"))
    }

    #[test]
    fn of_a_full_list_the_set_that_was_not_asked_for_the_longest_goes_and_the_others_keep_their_pause() {
        let sets = filled(MOST_REMEMBERED);
        sets.entry("https://new.example/keys", later(2));
        assert_eq!(sets.known().len(), MOST_REMEMBERED);
        assert!(!is_known(&sets, 0) && (1..MOST_REMEMBERED).all(|number| is_known(&sets, number)));
    }

    #[test]
    fn a_set_that_somebody_waits_for_stays() {
        let sets = filled(MOST_REMEMBERED);
        let waiting = sets.entry("https://a.example/0", later(2));
        sets.entry("https://new.example/keys", later(2));
        assert!(is_known(&sets, 0) && !is_known(&sets, 1));
        assert_eq!(waiting.try_lock().unwrap().asked_at, Some(Timestamp::from_millis(0)));
    }

    #[test]
    fn a_set_that_was_read_is_remembered_for_a_week_and_gives_way_to_no_stranger() {
        let sets = filled(MOST_REMEMBERED);
        sets.entry("https://a.example/0", later(0)).try_lock().unwrap().was_read = true;
        sets.entry("https://new.example/keys", later(2));
        assert!(is_known(&sets, 0) && !is_known(&sets, 1));
        sets.entry("https://new.example/keys", later(7 * 86_400 - 1));
        sets.entry("https://newer.example/keys", later(7 * 86_400 - 1));
        assert!(is_known(&sets, 0));
        sets.entry("https://newest.example/keys", later(7 * 86_400));
        assert!(!is_known(&sets, 0));
    }

    #[test]
    fn a_set_that_nobody_asked_for_within_an_hour_is_forgotten() {
        let sets = filled(3);
        sets.entry("https://new.example/keys", later(3_599));
        assert_eq!(sets.known().len(), 4);
        sets.entry("https://newer.example/keys", later(3_601));
        assert_eq!(sets.known().keys().collect::<Vec<_>>(), ["https://newer.example/keys"]);
    }
}
