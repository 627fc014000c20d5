//! Logos of clients: fetched in the background where somebody vouches for the client, and kept as pictures of our own. No
//! request waits for one, and none fails for want of one.

use crate::Deps;
use domain::{
    avatar::PhotoId,
    clock::Timestamp,
    oauth::{
        client::{Client, Registration},
        logo::{self, LOGO_SIZE, LogoUri},
        publisher::{self, Publisher},
    },
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use store::StoreError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Fetches at the same time. Whoever finds none free is not queued: the next one who looks at the client asks again.
const MOST_AT_ONCE: u32 = 2;
/// Fetches within [`WINDOW`] of what strangers' registrations name on the site of one publisher: anybody may register with its
/// callback, and nobody shall use us to knock on its door. The operator's clients, and those whose document the publisher
/// itself serves, are few enough.
const MOST_OF_STRANGERS: u32 = 6;
const WINDOW: Duration = Duration::from_secs(3_600);
/// One address is not asked more often than this, whatever came of it.
pub(crate) const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(86_400);

/// What bounds the fetching. Cheap to clone; clones share it.
#[derive(Clone)]
pub struct Logos {
    at_once: Arc<Semaphore>,
    /// When the window began, and the fetches in it by the publisher's host: as many hosts as publishers are known.
    window: Arc<Mutex<(Timestamp, HashMap<String, u32>)>>,
}

impl Logos {
    #[expect(clippy::new_without_default, reason = "it is made once, with the rest of what use cases are given")]
    pub fn new() -> Self {
        let window = Mutex::new((Timestamp::from_millis(0), HashMap::new()));
        Self { at_once: Arc::new(Semaphore::new(MOST_AT_ONCE as usize)), window: Arc::new(window) }
    }

    /// Waits until what was begun is over: for a process that would end before it.
    pub async fn settle(&self) {
        drop(self.at_once.acquire_many(MOST_AT_ONCE).await);
    }

    fn may_fetch(&self, wanted: &Wanted, now: Timestamp) -> bool {
        let Some(host) = &wanted.claimed_of else { return true };
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if now.since(window.0) >= WINDOW {
            *window = (now, HashMap::new());
        }
        let fetches = window.1.entry(host.clone()).or_default();
        *fetches += 1;
        *fetches <= MOST_OF_STRANGERS
    }
}

/// A logo that may be shown.
struct Wanted {
    uri: LogoUri,
    /// The publisher's host, where all that vouches for the client is that its answers go there.
    claimed_of: Option<String>,
}

impl Wanted {
    fn of(client: &Client, publisher: &Publisher) -> Option<Self> {
        let uri = logo::vouched(client, publisher)?.clone();
        let claimed_of = match publisher {
            Publisher::Verified { evidence, .. } if client.registration == Registration::Dynamic => {
                Some(evidence.host().to_owned())
            }
            _ => None,
        };
        Some(Self { uri, claimed_of })
    }
}

/// Sees to it that the client's logo is there soon, if it may be shown at all. Asks nobody else's server otherwise.
pub(crate) fn want(deps: &Deps, client: &Client) {
    let vouched = |uri| Wanted::of(client, &publisher::identify(client, uri));
    let Some(wanted) = client.redirect_uris.iter().find_map(vouched).filter(|_| !client.is_blocked()) else { return };
    let Ok(permit) = Arc::clone(&deps.logos.at_once).try_acquire_owned() else { return };
    tokio::spawn(fetch_once(deps.clone(), wanted, permit));
}

/// The kept logos of the clients in question, by their addresses.
pub(crate) async fn pictures(
    deps: &Deps,
    clients: impl Iterator<Item = (&Client, &Publisher)>,
) -> Result<HashMap<LogoUri, PhotoId>, StoreError> {
    let uris: Vec<&LogoUri> = clients.filter_map(|(client, publisher)| logo::vouched(client, publisher)).collect();
    store::client_logo::pictures(&deps.store, &uris).await
}

/// The picture to show for one client.
pub(crate) async fn picture(
    deps: &Deps,
    client: &Client,
    publisher: &Publisher,
) -> Result<Option<PhotoId>, StoreError> {
    Ok(pictures(deps, std::iter::once((client, publisher))).await?.into_values().next())
}

async fn fetch_once(deps: Deps, wanted: Wanted, _permit: OwnedSemaphorePermit) {
    let uri = &wanted.uri;
    match is_due(&deps, &wanted).await {
        Ok(false) => return,
        Ok(true) => {}
        Err(error) => return tracing::warn!(%error, "Could not note that a client's logo is fetched"),
    }
    let fetched = async {
        let bytes = providers::logo::fetch(&deps.network, uri.as_str()).await.map_err(|error| error.to_string())?;
        let drawn = tokio::task::spawn_blocking(move || avatar::logo(&bytes, LOGO_SIZE.pixels())).await;
        drawn.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    };
    let kept = match fetched.await {
        Ok(jpeg) => keep(&deps, uri, jpeg).await,
        // The letter tile stays, or the picture of the day before.
        Err(reason) => return tracing::info!(host = uri.host(), reason, "A client's logo could not be had"),
    };
    if let Err(error) = kept {
        tracing::warn!(error, "A client's logo could not be kept");
    }
}

/// Whether the address is to be asked now, by this one alone. That it is asked is on record before it is: what fails is not
/// tried again the same day.
async fn is_due(deps: &Deps, wanted: &Wanted) -> Result<bool, StoreError> {
    let (uri, now) = (&wanted.uri, deps.now());
    let was_asked = |at: Timestamp| now.since(at) < ASKED_AGAIN_AFTER;
    if store::client_logo::asked_at(&deps.store, uri).await?.is_some_and(was_asked)
        || !deps.logos.may_fetch(wanted, now)
    {
        return Ok(false);
    }
    let transaction = deps.store.begin().await?;
    let is_ours = store::client_logo::claim(&transaction, uri, now, now.minus(ASKED_AGAIN_AFTER)).await?;
    transaction.commit().await?;
    Ok(is_ours)
}

async fn keep(deps: &Deps, uri: &LogoUri, jpeg: Vec<u8>) -> Result<(), String> {
    let picture = PhotoId::of(&jpeg);
    deps.photos.write(&picture, &[(LOGO_SIZE, jpeg)]).await.map_err(|error| error.to_string())?;
    let written = async {
        let transaction = deps.store.begin().await?;
        store::client_logo::keep(&transaction, uri, &picture).await?;
        transaction.commit().await
    };
    written.await.map_err(|error: StoreError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::oauth::client_document::Reach;

    fn wanted(claimed_of: Option<&str>) -> Wanted {
        let uri = LogoUri::parse("https://claude.ai/logo.png", Reach::Public).unwrap();
        Wanted { uri, claimed_of: claimed_of.map(str::to_owned) }
    }

    #[test]
    fn of_what_strangers_name_on_one_site_only_so_many_logos_are_fetched_within_an_hour() {
        let logos = Logos::new();
        let now = Timestamp::from_millis(0);
        let claimed = wanted(Some("claude.ai"));
        assert!((0..MOST_OF_STRANGERS).all(|_| logos.may_fetch(&claimed, now)));
        assert!(!logos.may_fetch(&claimed, now));
        assert!(logos.may_fetch(&wanted(Some("chatgpt.com")), now), "another publisher's");
        assert!(logos.may_fetch(&wanted(None), now), "the operator's, or a document's");
        assert!(logos.may_fetch(&claimed, now.plus(WINDOW)));
    }
}
