//! Whether a text is a code or token of ours at all: what nobody has by guessing.

use crate::Deps;
use domain::secret::{Secret, SecretKind};
use store::{StoreError, authorization_code, token};

/// Whether this very code or token was given out here and not swept out since, whatever became of it. Costs one read at most.
pub async fn is_on_file(deps: &Deps, text: &str) -> Result<bool, StoreError> {
    let Ok(secret) = Secret::parse(text) else { return Ok(false) };
    let (store, hash) = (&deps.store, secret.hash());
    Ok(match secret.kind() {
        SecretKind::AuthorizationCode => authorization_code::find(store, &hash).await?.is_some(),
        SecretKind::RefreshToken => token::find_refresh(store, &hash).await?.is_some(),
        SecretKind::AccessToken => token::find_access(store, &hash).await?.is_some(),
        _ => false,
    })
}
