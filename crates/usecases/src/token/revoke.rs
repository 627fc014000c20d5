//! Taking a token back at the client's wish (RFC 7009).

use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    oauth::client::Client,
    secret::{Secret, SecretKind},
};
use serde_json::json;
use store::{StoreError, token};

/// Ends an access token, or with a refresh token the whole grant. A token that is unknown or another client's is no error
/// and nothing happens (RFC 7009, section 2.2). Tells whether it was one of this client's.
pub async fn revoke(deps: &Deps, client: &Client, text: &str) -> Result<bool, StoreError> {
    let Ok(secret) = Secret::parse(text) else { return Ok(false) };
    let (hash, now) = (secret.hash(), deps.now());
    // The grant, and the access token if it is one, with whether that is over.
    let found = match secret.kind() {
        SecretKind::AccessToken => {
            let token = token::find_access(&deps.store, &hash).await?;
            token.map(|token| (token.grant, Some(token.id), token.revoked_at.is_some()))
        }
        SecretKind::RefreshToken => {
            token::find_refresh(&deps.store, &hash).await?.map(|token| (token.grant, None, false))
        }
        _ => None,
    };
    let Some((owner, access, is_over)) = found else { return Ok(false) };
    let grant = store::grant::find(&deps.store, owner).await?.filter(|grant| grant.client == client.id);
    let Some(grant) = grant else { return Ok(false) };
    // Garbage and what is over don't come so far: they never take the turn of whoever has something to write.
    if is_over || !grant.is_live() {
        return Ok(true);
    }
    let transaction = deps.store.begin().await?;
    // As it is by now: it may have been moved to another workspace, whose log is the one to tell.
    let Some(grant) = store::grant::lock(&transaction, owner).await? else { return Ok(true) };
    let (was_good, action) = match access {
        Some(access) => (token::revoke_access(&transaction, access, now).await?, Action::TokenRevoked),
        None => (store::grant::revoke(&transaction, grant.id, now).await?, Action::GrantRevoked),
    };
    if !was_good {
        return Ok(true);
    }
    let entry = Entry {
        workspace: Some(grant.workspace),
        actor: Actor::Client(client.id.to_string()),
        action,
        target: grant.id.to_string(),
        detail: json!({ "by": "client" }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(true)
}
