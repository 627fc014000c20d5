//! The key sets that clients publish at their `jwks_uri`, as this process has read them. Nothing of it has to survive.

use crate::Deps;
use domain::clock::Timestamp;
use providers::http::FetchLimits;
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Mutex as Turn;
use url::Url;

/// A set is read again when it is this old.
const FRESH_FOR: Duration = Duration::from_secs(300);
/// An old copy serves this long while no newer one can be had: a key that was taken back must not live on in it.
const STALE_AT_MOST: Duration = Duration::from_secs(3_600);
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

/// Cheap to clone; clones share what they know.
#[derive(Clone, Default)]
pub struct KeySets(Arc<Mutex<HashMap<String, Arc<Turn<Entry>>>>>);

#[derive(Default)]
struct Entry {
    /// The copy, and when it was read.
    copy: Option<(Timestamp, Arc<Value>)>,
    asked_at: Option<Timestamp>,
}

impl Entry {
    fn set(&self) -> Option<Arc<Value>> {
        self.copy.as_ref().map(|(_, set)| Arc::clone(set))
    }
}

impl KeySets {
    /// The set at `uri`; none where it can't be read, or not so soon again. Whoever comes second waits for what the first one
    /// learns.
    pub(super) async fn read(&self, deps: &Deps, uri: &str, age: Age) -> Option<Arc<Value>> {
        let entry = self.entry(uri);
        let mut entry = entry.lock().await;
        let now = deps.now();
        let wait = if entry.copy.is_some() && age == Age::Fresh { FRESH_FOR } else { PAUSE };
        if entry.asked_at.is_some_and(|asked_at| now.since(asked_at) < wait) {
            return if age == Age::Fresh { entry.set() } else { None };
        }
        entry.asked_at = Some(now);
        match fetch(deps, uri).await {
            Ok(set) => entry.copy = Some((now, Arc::new(set))),
            Err(reason) => {
                tracing::info!(reason, "A client's keys could not be read");
                entry.copy = entry.copy.take().filter(|(read_at, _)| now.since(*read_at) < STALE_AT_MOST);
            }
        }
        entry.set()
    }

    fn entry(&self, uri: &str) -> Arc<Turn<Entry>> {
        let mut known = self.known();
        if known.len() >= MOST_REMEMBERED && !known.contains_key(uri) {
            // Those that somebody waits for stay.
            known.retain(|_, entry| Arc::strong_count(entry) > 1);
        }
        Arc::clone(known.entry(uri.to_owned()).or_default())
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Arc<Turn<Entry>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A host is asked as often as for clients' documents, keys and documents together.
async fn fetch(deps: &Deps, uri: &str) -> Result<Value, String> {
    let host = Url::parse(uri).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let _permit = deps.documents.permit(&host, deps.now()).map_err(|fault| fault.into_reason())?;
    let fetched = deps.network.fetch_json(uri, LIMITS).await.map_err(|error| error.to_string())?;
    serde_json::from_slice(&fetched.body).map_err(|_| "the answer is no JSON".to_owned())
}
