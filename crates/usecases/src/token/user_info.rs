//! What the bearer of an access token may know of its person (OpenID Connect Core 1.0, section 5.3.2).

use crate::{
    Deps,
    access::bearer::{self, BearerError},
};
use domain::oauth::{identity_token, scope::Scope};
use serde_json::{Map, Value};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum UserInfoError {
    #[error("the access token is unknown, expired or revoked")]
    NotAuthenticated,
    #[error("the access token was not granted the scope openid")]
    InsufficientScope,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The claims of the granted scopes, for a token of any of our resources.
pub async fn user_info(deps: &Deps, token: &str) -> Result<Map<String, Value>, UserInfoError> {
    let live = bearer::live_token(deps, token).await.map_err(|error| match error {
        BearerError::NotAuthenticated | BearerError::Blocked | BearerError::WrongResource => {
            UserInfoError::NotAuthenticated
        }
        BearerError::Store(error) => UserInfoError::Store(error),
    })?;
    if !live.token.scopes.contains(Scope::OpenId) {
        return Err(UserInfoError::InsufficientScope);
    }
    Ok(identity_token::about(&live.user, live.token.scopes))
}
