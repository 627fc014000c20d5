//! `/jwks` (RFC 7517, section 5): the keys that identity tokens are verified with.

use super::{error::OAuthError, wire};
use axum::{extract::State, response::Response};
use usecases::{Deps, token};

pub async fn show(State(deps): State<Deps>) -> Result<Response, OAuthError> {
    let keys = token::key_set(&deps).await.map_err(|source| OAuthError::server_error(&source))?;
    Ok(wire::document(keys))
}
