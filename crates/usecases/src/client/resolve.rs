//! From a `client_id` to its client: a row, or the document that the identifier is the address of. What a document said is
//! kept as a row and read again when it has aged.

use super::{
    documents::Fault,
    logo,
    permits::Standing,
    record::{Event, record, record_new},
};
use crate::Deps;
use domain::{
    audit::{Action, Actor},
    clock::Timestamp,
    oauth::{
        client::{Client, ClientId, DocumentCopy, Registration},
        client_document::{self, DocumentUrl, DocumentUrlError, Reach},
        client_metadata::ClientMetadata,
        known_clients,
    },
};
use serde_json::json;
use std::time::Duration;
use store::{StoreError, Transaction};

/// A pinned copy serves for this long before the document is tried again.
const PINNED_FRESH_FOR: Duration = Duration::from_secs(3_600);
/// So does an old copy whose document could not be read again,
const STALE_FRESH_FOR: Duration = Duration::from_secs(300);
/// but only until it is this old: a publisher must be able to take an app back.
const STALE_AT_MOST: Duration = Duration::from_secs(7 * 86_400);
/// A copy is not read again for the sake of one request before it is this old.
const NEW_FOR: Duration = Duration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The identifier is a URL, and no document's.
    #[error(transparent)]
    Identifier(#[from] DocumentUrlError),
    #[error("the app's identity document at {host} could not be read: {reason}")]
    Document { host: String, reason: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// None where nobody is known by that identifier.
pub async fn resolve(deps: &Deps, id: &ClientId) -> Result<Option<Client>, ResolveError> {
    let row = store::client::find(&deps.store, id).await?;
    let Some(url) = DocumentUrl::parse(&id.0, reach(deps)) else { return Ok(row) };
    let url = url?;
    match row {
        // A blocked client is not answered, so there is nothing to read about it.
        Some(client) if client.is_blocked() || is_fresh(&client, deps.now()) => Ok(Some(client)),
        _ => read(deps, &url, None).await.map(Some),
    }
}

/// The client as its document describes it now. Asked for when a request doesn't fit our copy: the app may have changed
/// since. None where the copy is too new for that, or there is no document.
pub(crate) async fn resolve_again(deps: &Deps, client: &Client) -> Result<Option<Client>, ResolveError> {
    let Some(copy) = client.document.filter(|copy| deps.now().since(copy.fetched_at) >= NEW_FOR) else {
        return Ok(None);
    };
    match DocumentUrl::parse(&client.id.0, reach(deps)) {
        Some(url) => read(deps, &url?, Some(copy.fetched_at)).await.map(Some),
        None => Ok(None),
    }
}

pub(super) fn reach(deps: &Deps) -> Reach {
    if deps.network.reaches_this_machine() { Reach::ThisMachineToo } else { Reach::Public }
}

fn is_fresh(client: &Client, now: Timestamp) -> bool {
    client.document.is_some_and(|copy| now < copy.fresh_until)
}

/// Reads a document once for all who wait for it. A copy that is fresh, and later than `later_than`, will do.
async fn read(deps: &Deps, url: &DocumentUrl, later_than: Option<Timestamp>) -> Result<Client, ResolveError> {
    let _turn = deps.documents.turn(url).await;
    let row = store::client::find(&deps.store, &ClientId(url.to_string())).await?;
    let is_later =
        |client: &Client| later_than.is_none_or(|then| client.document.is_some_and(|copy| copy.fetched_at > then));
    let row = match row {
        Some(client) if is_fresh(&client, deps.now()) && is_later(&client) => return Ok(client),
        row => row,
    };
    let seen = row.as_ref().and_then(|client| client.document);
    // A copy that came with this program was not read there, and serves until the host has time.
    let standing = Standing::of(seen.is_some_and(|copy| !copy.is_pinned));
    let client = match fetch(deps, url, standing).await {
        Ok((metadata, fresh_for)) => {
            let now = deps.now();
            let copy = DocumentCopy { fetched_at: now, fresh_until: now.plus(fresh_for), is_pinned: false };
            keep(deps, url, metadata, copy, seen).await?
        }
        Err(fault) => fall_back(deps, url, seen, fault).await?,
    };
    logo::want(deps, &client);
    Ok(client)
}

async fn fetch(deps: &Deps, url: &DocumentUrl, standing: Standing) -> Result<(ClientMetadata, Duration), Fault> {
    if let Some(fault) = deps.documents.recent_failure(url, deps.now()) {
        return Err(fault);
    }
    let _permit = deps.documents.permit(url.host(), standing, deps.now())?;
    let read = match providers::client_document::fetch(&deps.network, url.as_str()).await {
        Ok(fetched) => client_document::read(url, &fetched.body)
            .map(|metadata| (metadata, client_document::fresh_for(fetched.cache_control.as_deref())))
            .map_err(|error| Fault::Refused(error.to_string())),
        Err(error) => Err(Fault::Unreachable(error.to_string())),
    };
    if let Err(fault) = &read {
        tracing::info!(host = url.host(), ?fault, "A client's document could not be read");
        deps.documents.note_failure(url, deps.now(), fault.clone());
    }
    read
}

/// Where the document says nothing, what it said before is still the best that is known of it, and then what came with
/// this program. Where it says something else than it should, its earlier word is taken back.
async fn fall_back(
    deps: &Deps,
    url: &DocumentUrl,
    seen: Option<DocumentCopy>,
    fault: Fault,
) -> Result<Client, ResolveError> {
    let now = deps.now();
    let may_last = |copy: &DocumentCopy| !copy.is_pinned && now.since(copy.fetched_at) < STALE_AT_MOST;
    if matches!(fault, Fault::Unreachable(_))
        && let Some(copy) = seen.filter(may_last)
    {
        let id = ClientId(url.to_string());
        let transaction = deps.store.begin().await?;
        if copy.fresh_until <= now {
            store::client::prolong(&transaction, &id, copy.fetched_at, now.plus(STALE_FRESH_FOR)).await?;
        }
        // As it is by now: while the document was asked for, somebody else may have read it, or the policy have changed.
        let client = store::client::find(&transaction, &id).await?;
        transaction.commit().await?;
        if let Some(client) = client {
            return Ok(client);
        }
    }
    match known_clients::pinned(url) {
        Some(metadata) => {
            let copy = DocumentCopy { fetched_at: now, fresh_until: now.plus(PINNED_FRESH_FOR), is_pinned: true };
            Ok(keep(deps, url, metadata, copy, seen).await?)
        }
        None => Err(ResolveError::Document { host: url.host().to_owned(), reason: fault.into_reason() }),
    }
}

/// Writes down what a document says: as a new client, or over what it said before. `seen` is the copy that there was when
/// the document was asked for.
async fn keep(
    deps: &Deps,
    url: &DocumentUrl,
    metadata: ClientMetadata,
    copy: DocumentCopy,
    seen: Option<DocumentCopy>,
) -> Result<Client, StoreError> {
    let transaction = deps.store.begin().await?;
    // Before the client, as whoever changes the policy locks them.
    let policy = store::client_policy::find_held(&transaction).await?;
    let id = ClientId(url.to_string());
    let Some(before) = store::client::find_locked(&transaction, &id).await? else {
        let mut client = Client::new(id, metadata, Registration::MetadataDocument, deps.now());
        client.document = Some(copy);
        client.standing = policy.standing(&client);
        match insert(deps, &transaction, &client).await {
            Ok(()) => transaction.commit().await?,
            // Another process was faster, and knows as much.
            Err(StoreError::Conflict) => {
                drop(transaction);
                return store::client::find(&deps.store, &client.id).await?.ok_or(StoreError::Conflict);
            }
            Err(error) => return Err(error),
        }
        return Ok(client);
    };
    // Another process reached what this one did not.
    let is_newer =
        |theirs: DocumentCopy| !theirs.is_pinned && seen.is_none_or(|seen| theirs.fetched_at > seen.fetched_at);
    if copy.is_pinned && before.document.is_some_and(is_newer) {
        return Ok(before);
    }
    let mut after = before.clone();
    after.describe(metadata);
    after.document = Some(copy);
    after.standing = policy.standing(&after);
    store::client::update(&transaction, &after).await?;
    let only_aged = after == Client { document: after.document, ..before.clone() };
    if !only_aged {
        let detail = json!({
            "name": after.name,
            "redirect_uris": after.redirect_uris,
            "logo_uri": after.logo_uri,
            "earlier": {
                "name": before.name, "redirect_uris": before.redirect_uris, "logo_uri": before.logo_uri,
            },
            "keys_changed": before.keys != after.keys,
            "standing": after.standing.as_str(),
            "pinned": copy.is_pinned,
        });
        let actor = Actor::Client(after.id.to_string());
        let event = Event { client: &after, actor, action: Action::ClientDocumentChanged, detail };
        record(deps, &transaction, event).await?;
    }
    transaction.commit().await?;
    Ok(after)
}

async fn insert(deps: &Deps, transaction: &Transaction, client: &Client) -> Result<(), StoreError> {
    store::client::insert(transaction, client).await?;
    record_new(deps, transaction, client, Actor::Anonymous).await
}
