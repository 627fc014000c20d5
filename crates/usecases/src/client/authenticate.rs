//! Client authentication at the token and revocation endpoints (RFC 6749, section 2.3).

use crate::Deps;
use domain::{
    oauth::client::{AuthMethod, Client, ClientId},
    secret::{Secret, SecretKind},
};
use store::StoreError;

/// What a request says of its client.
pub struct Presented {
    pub client_id: String,
    /// The secret and the way it came, if any.
    pub secret: Option<(AuthMethod, String)>,
}

#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Unknown, blocked, or without the right secret: register again.
    #[error("the client is not known here or could not prove who it is: register it again")]
    Refused,
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn authenticate(deps: &Deps, presented: Presented) -> Result<Client, AuthenticateError> {
    let client = store::client::find(&deps.store, &ClientId(presented.client_id)).await?;
    let client = client.filter(|client| !client.is_blocked()).ok_or(AuthenticateError::Refused)?;
    let is_proven = match (client.secret_hash, presented.secret) {
        (None, None) => true,
        // A public client that sends an empty secret has none; libraries fill in the form field all the same.
        (None, Some((_, secret))) => secret.is_empty(),
        // Basic and post are taken from any confidential client: which one a library uses is seldom what it registered.
        (Some(hash), Some((_, secret))) => {
            Secret::parse_as(SecretKind::ClientSecret, &secret).is_ok_and(|secret| hash.matches(&secret))
        }
        (Some(_), None) => false,
    };
    if is_proven { Ok(client) } else { Err(AuthenticateError::Refused) }
}
