//! Who sits before the browser.

use crate::Deps;
use domain::{
    clock::Timestamp,
    id::SessionId,
    secret::{Secret, SecretKind},
    session::{FormToken, IDLE},
    user::User,
};
use std::time::Duration;
use store::StoreError;

/// A signed-in person.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub user: User,
    pub session: SessionId,
    pub signed_in_at: Timestamp,
    pub form_token: FormToken,
}

/// A session is prolonged when this much of it has gone by, not on every request.
const PROLONG_AFTER: Duration = Duration::from_secs(86_400);

/// The viewer behind a session cookie; none when it is unknown, expired, or the account was disabled.
pub async fn viewer(deps: &Deps, cookie: &str) -> Result<Option<Viewer>, StoreError> {
    let Ok(secret) = Secret::parse_as(SecretKind::Session, cookie) else { return Ok(None) };
    let Some((session, user)) = store::session::find_by_hash(&deps.store, &secret.hash()).await? else {
        return Ok(None);
    };
    let now = deps.now();
    if now >= session.expires_at || user.disabled_at.is_some() {
        return Ok(None);
    }
    if session.expires_at.since(now) + PROLONG_AFTER < IDLE {
        let transaction = deps.store.begin().await?;
        store::session::extend(&transaction, session.id, now.plus(IDLE)).await?;
        transaction.commit().await?;
    }
    Ok(Some(Viewer { user, session: session.id, signed_in_at: session.created_at, form_token: FormToken::of(&secret) }))
}
