//! Clients: the OAuth applications that ask for access.

use super::redirect_uri::RedirectUri;
use crate::{clock::Timestamp, secret::SecretHash};
use serde::{Deserialize, Serialize};
use std::fmt;

/// `client_id` (RFC 6749, section 2.2): a text of ours, or the URL of a metadata document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub String);

impl fmt::Display for ClientId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How a client came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Registration {
    /// Entered by the operator.
    PreRegistered,
    /// Registered itself (RFC 7591).
    Dynamic,
    /// Described by the document that its identifier names.
    MetadataDocument,
}

impl Registration {
    const ALL: [Self; 3] = [Self::PreRegistered, Self::Dynamic, Self::MetadataDocument];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PreRegistered => "pre_registered",
            Self::Dynamic => "dynamic",
            Self::MetadataDocument => "metadata_document",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|registration| registration.as_str() == name)
    }
}

/// `token_endpoint_auth_method` (RFC 7591, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    None,
    ClientSecretBasic,
    ClientSecretPost,
}

impl AuthMethod {
    pub const ALL: [Self; 3] = [Self::None, Self::ClientSecretBasic, Self::ClientSecretPost];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    /// As the client claims it: one line, never trusted.
    pub name: String,
    pub redirect_uris: Vec<RedirectUri>,
    pub auth_method: AuthMethod,
    /// Present unless `auth_method` is `none`.
    pub secret_hash: Option<SecretHash>,
    /// Whether it asked for the `refresh_token` grant, or for none in particular.
    pub may_refresh: bool,
    pub registration: Registration,
    pub created_at: Timestamp,
    /// Set once the operator blocked it.
    pub blocked_at: Option<Timestamp>,
}

impl Client {
    /// The registered URI that a request's `redirect_uri` matches. Left out, it is the only registered one
    /// (OAuth 2.1, section 4.1.1).
    pub fn match_redirect_uri(&self, requested: Option<&str>) -> Option<RedirectUri> {
        match requested {
            // What matched is kept as requested: a loopback address has its port only there.
            Some(requested) => {
                let is_registered = self.redirect_uris.iter().any(|registered| registered.matches(requested));
                if is_registered { RedirectUri::parse(requested).ok() } else { None }
            }
            None => match self.redirect_uris.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
        }
    }
}
