//! Fingerprints that were written down by an earlier version, which took the port of a loopback address for a part of them.

use super::record::{Event, record};
use crate::Deps;
use domain::{
    audit::{Action, Actor},
    oauth::client::{Client, Standing},
};
use serde_json::json;
use std::collections::HashSet;
use store::{StoreError, Transaction};

/// Has identical registrations recognised as this version does, and tells how many clients that changed. For the start of the
/// server.
pub async fn catch_up(deps: &Deps) -> Result<usize, StoreError> {
    let transaction = deps.store.begin().await?;
    // One program at a time, and no decision meanwhile.
    store::client_policy::hold(&transaction).await?;
    let mut clients = store::client::list_recognised(&transaction).await?;
    // Several may be one now. What was decided about any of them holds for whoever registers next, refusals first.
    clients.sort_by_key(|client| weight(client.standing));
    let mut taken = HashSet::new();
    let mut changed = Vec::new();
    for mut client in clients {
        let fingerprint = client.metadata().fingerprint().filter(|fingerprint| taken.insert(*fingerprint));
        if fingerprint != client.fingerprint {
            client.fingerprint = fingerprint;
            changed.push(client);
        }
    }
    // Each is free before the first is taken.
    for client in &changed {
        let nameless = Client { fingerprint: None, ..client.clone() };
        store::client::update(&transaction, &nameless).await?;
    }
    for client in &changed {
        write(deps, &transaction, client).await?;
    }
    transaction.commit().await?;
    Ok(changed.len())
}

/// The least stays recognised.
const fn weight(standing: Standing) -> u8 {
    match standing {
        Standing::Blocked => 0,
        Standing::Allowed => 1,
        Standing::Asked => 2,
    }
}

async fn write(deps: &Deps, transaction: &Transaction, client: &Client) -> Result<(), StoreError> {
    store::client::update(transaction, client).await?;
    let detail = json!({ "recognised": client.fingerprint.is_some() });
    record(deps, transaction, Event { client, actor: Actor::System, action: Action::ClientUpdated, detail }).await
}
