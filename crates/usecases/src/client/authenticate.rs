//! Client authentication (RFC 6749, section 2.3; RFC 7523, section 2.2): one way a request, and only a way that the client
//! registered for.

use super::{ResolveError, assertion, keys::Unread, resolve};
use crate::Deps;
use domain::{
    oauth::{
        client::{AuthMethod, Client, ClientId, ClientKeys},
        client_assertion::AssertionFault,
    },
    secret::{Secret, SecretKind},
};
use store::StoreError;

/// What a request says of its client.
pub struct Presented {
    /// May be left out beside an assertion, which names the client itself.
    pub client_id: Option<String>,
    pub proof: Proof,
}

/// How the client proves who it is.
pub enum Proof {
    Nothing,
    /// By HTTP Basic or in the form: which one a library uses is seldom what it registered.
    Secret(String),
    /// A text signed with the client's own key.
    Assertion(String),
}

#[derive(Debug, thiserror::Error)]
pub enum AuthenticateError {
    /// Unknown, blocked, or without the right secret: register again.
    #[error(
        "the client is not known here, was blocked by whoever runs this server, or could not prove who it is: register it again, or ask them"
    )]
    Refused,
    #[error("the client assertion proves nothing: {0}")]
    Assertion(#[from] AssertionFault),
    #[error("the client's keys at its jwks_uri could not be read: try again in a minute")]
    KeysUnreachable,
    /// Our own affair, of which the client can do nothing.
    #[error("too many clients' keys are being read right now: try again in a minute")]
    KeysBusy,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Unread> for AuthenticateError {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::Unreachable => Self::KeysUnreachable,
            Unread::Busy => Self::KeysBusy,
        }
    }
}

pub async fn authenticate(deps: &Deps, presented: Presented) -> Result<Client, AuthenticateError> {
    let secret = match presented.proof {
        Proof::Assertion(text) => return assertion::authenticate(deps, presented.client_id.as_deref(), &text).await,
        Proof::Secret(secret) => Some(secret),
        Proof::Nothing => None,
    };
    let id = presented.client_id.ok_or(AuthenticateError::Refused)?;
    let client = find(deps, ClientId(id)).await?;
    let is_proven = match client.auth_method {
        // A public client that sends an empty secret has none; libraries fill in the form field all the same.
        AuthMethod::None => secret.is_none_or(|secret| secret.is_empty()),
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost => {
            let sent = secret.and_then(|secret| Secret::parse_as(SecretKind::ClientSecret, &secret).ok());
            matches!((client.secret_hash, sent), (Some(hash), Some(sent)) if hash.matches(&sent))
        }
        AuthMethod::PrivateKeyJwt => false,
    };
    if is_proven { Ok(client) } else { Err(AuthenticateError::Refused) }
}

/// A row is enough, however old what it says of a document: whoever holds a code or a token of ours has one. Only keys that
/// stand within a document are read again with it.
pub(super) async fn find(deps: &Deps, id: ClientId) -> Result<Client, AuthenticateError> {
    let mut client = store::client::find(&deps.store, &id).await?;
    let has_keys_within =
        |client: &Client| client.document.is_some() && matches!(client.keys, Some(ClientKeys::Set(_)));
    if client.as_ref().is_some_and(has_keys_within) {
        client = match resolve(deps, &id).await {
            Ok(client) => client,
            Err(ResolveError::Store(error)) => return Err(error.into()),
            Err(ResolveError::Identifier(_) | ResolveError::Document { .. }) => None,
        };
    }
    client.filter(|client| !client.is_blocked()).ok_or(AuthenticateError::Refused)
}
