//! Who holds an API key.

use crate::Deps;
use domain::{
    api_key::{self, KeyKind},
    principal::KeyHolder,
    secret::{Secret, SecretKind},
};
use std::time::Duration;
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key is not valid: it is mistyped or was revoked")]
    Unknown,
    #[error("the key may not be used from this page: its domain is not among the key's allowed domains")]
    DomainNotAllowed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// "Last used" is written at most this often per key.
const TOUCH_AFTER: Duration = Duration::from_secs(60);

/// Turns a key into its holder. `page` is the request's `Origin`, else its `Referer`.
pub async fn holder(deps: &Deps, key: &str, page: Option<&str>) -> Result<KeyHolder, KeyError> {
    let secret = Secret::parse(key).map_err(|_| KeyError::Unknown)?;
    if !matches!(secret.kind(), SecretKind::PublishableKey | SecretKind::SecretKey) {
        return Err(KeyError::Unknown);
    }
    let key = store::api_key::find_by_hash(&deps.store, &secret.hash()).await?.ok_or(KeyError::Unknown)?;
    if key.revoked_at.is_some() {
        return Err(KeyError::Unknown);
    }
    if key.kind == KeyKind::Publishable && !api_key::page_is_allowed(&key.allowed_domains, page) {
        return Err(KeyError::DomainNotAllowed);
    }
    let now = deps.now();
    if key.last_used_at.is_none_or(|last| now.since(last) >= TOUCH_AFTER) {
        let transaction = deps.store.begin().await?;
        store::api_key::touch(&transaction, key.id, now).await?;
        transaction.commit().await?;
    }
    Ok(KeyHolder { key: key.id, kind: key.kind, workspace: key.workspace })
}
