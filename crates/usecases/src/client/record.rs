//! The audit of clients: what happens to one concerns the whole server.

use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    oauth::client::Client,
};
use serde_json::{Value, json};
use store::{StoreError, Transaction};

/// What somebody did to a client, or it to itself.
pub(super) struct Event<'a> {
    pub client: &'a Client,
    pub actor: Actor,
    pub action: Action,
    pub detail: Value,
}

pub(super) async fn record(deps: &Deps, transaction: &Transaction, event: Event<'_>) -> Result<(), StoreError> {
    let Event { client, actor, action, detail } = event;
    let entry = Entry { workspace: None, actor, action, target: client.id.to_string(), detail };
    audit::record(deps, transaction, entry).await
}

/// That somebody made a client known.
pub(super) async fn record_new(
    deps: &Deps,
    transaction: &Transaction,
    client: &Client,
    actor: Actor,
) -> Result<(), StoreError> {
    let mut detail = json!({
        "name": client.name,
        "redirect_uris": client.redirect_uris,
        "logo_uri": client.logo_uri,
        "registration": client.registration.as_str(),
    });
    if let Some(copy) = client.document {
        detail["pinned"] = json!(copy.is_pinned);
    }
    record(deps, transaction, Event { client, actor, action: Action::ClientRegistered, detail }).await
}
