//! Who holds a bearer token (RFC 6750). Every request looks the token up with its grant, client, user and membership, so
//! that whatever ended is over on the next request.

use crate::{Deps, connection_log::Note};
use domain::{
    clock::Timestamp,
    connection::Step,
    oauth::resource::McpResource,
    principal::Principal,
    secret::{Secret, SecretKind},
};
use std::time::Duration;
use store::{StoreError, token::LiveToken};

#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// Unknown, expired or revoked; or its grant, client, user or membership is gone.
    #[error("Not authenticated: this connection has expired or was revoked. Reconnect it in your app.")]
    NotAuthenticated,
    /// All else about the token is well.
    #[error(
        "Not authenticated: this app was blocked by whoever runs this server. Ask them if you think it should not be."
    )]
    Blocked,
    #[error("Not authenticated: this token is for another address of this server.")]
    WrongResource,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// "Last used" is written at most this often per grant: a call must not cost a write for it.
const TOUCH_AFTER: Duration = Duration::from_secs(60);

/// Turns an access token into a principal for `resource`.
pub async fn principal(deps: &Deps, resource: &McpResource, token: &str) -> Result<Principal, BearerError> {
    let now = deps.now();
    let live = find(deps, token, now).await?;
    if live.grant.resource != resource.uri(&deps.settings.public_url) {
        return Err(BearerError::WrongResource);
    }
    note_use(deps, &live, now).await?;
    Ok(Principal {
        subject: live.grant.subject,
        workspace: live.workspace.id,
        role: live.role,
        grant: live.grant.id,
        token: live.token.id,
        client: live.client.id,
        client_name: live.client.name,
        scopes: live.token.scopes,
    })
}

/// Everything that an access token of any resource stands for. Showing it is a use of the token, not of the connection.
pub(crate) async fn live_token(deps: &Deps, token: &str) -> Result<LiveToken, BearerError> {
    let now = deps.now();
    let live = find(deps, token, now).await?;
    if live.token.first_used_at.is_none() {
        let transaction = deps.store.begin().await?;
        store::token::mark_used(&transaction, live.token.id, now).await?;
        transaction.commit().await?;
    }
    Ok(live)
}

/// Everything that an access token of any resource stands for, as long as it is live. No use of anything.
pub(crate) async fn find(deps: &Deps, token: &str, now: Timestamp) -> Result<LiveToken, BearerError> {
    let secret = Secret::parse_as(SecretKind::AccessToken, token).map_err(|_| BearerError::NotAuthenticated)?;
    let live = store::token::find_live(&deps.store, &secret.hash()).await?;
    match live.filter(|live| is_usable(live, now)) {
        Some(live) if live.client.is_blocked() => Err(BearerError::Blocked),
        Some(live) => Ok(live),
        None => Err(BearerError::NotAuthenticated),
    }
}

fn is_usable(live: &LiveToken, now: Timestamp) -> bool {
    live.token.revoked_at.is_none()
        && now < live.token.expires_at
        && live.grant.is_live()
        && live.user.disabled_at.is_none()
}

async fn note_use(deps: &Deps, live: &LiveToken, now: Timestamp) -> Result<(), StoreError> {
    let is_first_use = live.token.first_used_at.is_none();
    if live.grant.last_used_at.is_none() {
        deps.connections.note(Note::passed(Step::FirstCall).client(&live.client.id.0).grant(live.grant.id));
    }
    let is_stale = live.grant.last_used_at.is_none_or(|last| now.since(last) >= TOUCH_AFTER);
    if !is_first_use && !is_stale {
        return Ok(());
    }
    let transaction = deps.store.begin().await?;
    // The grant before its tokens, as a refresh locks them: the other way round, both would wait for each other.
    store::grant::touch(&transaction, live.grant.id, now).await?;
    if is_first_use {
        store::token::mark_used(&transaction, live.token.id, now).await?;
    }
    transaction.commit().await
}
