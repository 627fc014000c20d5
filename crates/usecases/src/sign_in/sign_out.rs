//! Signing out: the session's row goes, so a copy of the cookie opens nothing.

use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    secret::{Secret, SecretKind},
};
use serde_json::json;
use store::StoreError;

pub async fn sign_out(deps: &Deps, cookie: &str) -> Result<(), StoreError> {
    let Ok(secret) = Secret::parse_as(SecretKind::Session, cookie) else { return Ok(()) };
    let transaction = deps.store.begin().await?;
    if let Some((session, user)) = store::session::find_by_hash(&transaction, &secret.hash()).await? {
        store::session::delete(&transaction, session.id).await?;
        let entry = Entry {
            workspace: None,
            actor: Actor::User(user.id),
            action: Action::SignedOut,
            target: user.id.to_string(),
            detail: json!({}),
        };
        audit::record(deps, &transaction, entry).await?;
    }
    transaction.commit().await
}
