//! Whether it is worth looking at a request from where too much came that was worth nothing.

use crate::Deps;
use domain::secret::{Secret, SecretKind};
use store::{StoreError, authorization_code, token};

/// Whether a text is a code or token of ours that stands, as far as one read tells. Whoever has one is no stranger.
pub async fn may_be_good(deps: &Deps, text: &str) -> Result<bool, StoreError> {
    let Ok(secret) = Secret::parse(text) else { return Ok(false) };
    let (hash, now) = (secret.hash(), deps.now());
    let stands_until = match secret.kind() {
        SecretKind::AuthorizationCode => {
            authorization_code::find(&deps.store, &hash).await?.map(|code| code.expires_at)
        }
        SecretKind::RefreshToken => {
            let found = token::find_refresh(&deps.store, &hash).await?;
            found.filter(|token| token.revoked_at.is_none()).map(|token| token.expires_at)
        }
        SecretKind::AccessToken => {
            let found = token::find_access(&deps.store, &hash).await?;
            found.filter(|token| token.revoked_at.is_none()).map(|token| token.expires_at)
        }
        _ => None,
    };
    Ok(stands_until.is_some_and(|until| now < until))
}
