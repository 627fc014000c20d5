//! Clients: the OAuth applications that ask for access.

use super::{client_metadata::ClientMetadata, logo::LogoUri, redirect_uri::RedirectUri, signing::SigningAlgorithm};
use crate::{clock::Timestamp, secret::SecretHash};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// A signed assertion (RFC 7523, section 2.2).
    PrivateKeyJwt,
}

impl AuthMethod {
    pub const ALL: [Self; 4] = [Self::None, Self::ClientSecretBasic, Self::ClientSecretPost, Self::PrivateKeyJwt];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// Whether such a client is given a secret to prove itself with.
    pub const fn has_secret(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }
}

/// Where the keys are that a client signs its assertions with (RFC 7591, section 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientKeys {
    /// `jwks`: a JWK set (RFC 7517).
    Set(Value),
    /// `jwks_uri`: the address of one.
    Uri(String),
}

/// How fresh what we know of a client's metadata document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentCopy {
    pub fetched_at: Timestamp,
    /// When it is fetched again.
    pub fresh_until: Timestamp,
    /// The copy that came with this program, because the document could not be fetched.
    pub is_pinned: bool,
}

/// What the operator's policy makes of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Anybody may authorize it.
    Allowed,
    /// Nobody may authorize it before the operator has said yes. What was granted earlier goes on.
    Asked,
    /// Nothing it sends is answered.
    Blocked,
}

impl Standing {
    const ALL: [Self; 3] = [Self::Allowed, Self::Asked, Self::Blocked];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Asked => "asked",
            Self::Blocked => "blocked",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == name)
    }
}

/// SHA-256 of the metadata that a public client registered with: by it an identical registration is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub id: ClientId,
    /// As the client claims it: one line, never trusted.
    pub name: String,
    /// A claim as well: shown where [`super::logo::vouched`] says so.
    pub logo_uri: Option<LogoUri>,
    pub redirect_uris: Vec<RedirectUri>,
    pub auth_method: AuthMethod,
    /// Present where `auth_method` has a secret.
    pub secret_hash: Option<SecretHash>,
    /// Always present where `auth_method` is `private_key_jwt`; a document that offers `none` beside it has keys as well.
    pub keys: Option<ClientKeys>,
    /// `id_token_signed_response_alg` (OpenID Connect Dynamic Registration 1.0, section 2).
    pub identity_token_algorithm: SigningAlgorithm,
    /// Whether it asked for the `refresh_token` grant, or for none in particular.
    pub may_refresh: bool,
    /// Whether it is a resource server that may ask what a token stands for (RFC 7662).
    pub may_introspect: bool,
    pub registration: Registration,
    /// Of the token that the client manages its registration with (RFC 7592), while that is its own.
    pub registration_token_hash: Option<SecretHash>,
    /// Present where an identical registration would be the same client.
    pub fingerprint: Option<Fingerprint>,
    /// Present where `registration` is by metadata document.
    pub document: Option<DocumentCopy>,
    pub standing: Standing,
    pub created_at: Timestamp,
    /// When it last registered again, asked for authorization or got a token; none before the first time.
    pub last_seen_at: Option<Timestamp>,
}

impl Client {
    /// One that nobody has seen yet, as its metadata describe it.
    pub fn new(id: ClientId, metadata: ClientMetadata, registration: Registration, now: Timestamp) -> Self {
        Self {
            id,
            name: metadata.name,
            logo_uri: metadata.logo_uri,
            redirect_uris: metadata.redirect_uris,
            auth_method: metadata.auth_method,
            secret_hash: None,
            keys: metadata.keys,
            identity_token_algorithm: metadata.identity_token_algorithm,
            may_refresh: metadata.may_refresh,
            may_introspect: false,
            registration,
            registration_token_hash: None,
            fingerprint: None,
            document: None,
            standing: Standing::Allowed,
            created_at: now,
            last_seen_at: None,
        }
    }

    /// All that it says of itself.
    pub fn metadata(&self) -> ClientMetadata {
        ClientMetadata {
            name: self.name.clone(),
            logo_uri: self.logo_uri.clone(),
            redirect_uris: self.redirect_uris.clone(),
            auth_method: self.auth_method,
            keys: self.keys.clone(),
            identity_token_algorithm: self.identity_token_algorithm,
            may_refresh: self.may_refresh,
        }
    }

    /// Replaces all that it says of itself.
    pub fn describe(&mut self, metadata: ClientMetadata) {
        self.name = metadata.name;
        self.logo_uri = metadata.logo_uri;
        self.redirect_uris = metadata.redirect_uris;
        self.auth_method = metadata.auth_method;
        self.keys = metadata.keys;
        self.identity_token_algorithm = metadata.identity_token_algorithm;
        self.may_refresh = metadata.may_refresh;
    }

    pub fn is_blocked(&self) -> bool {
        self.standing == Standing::Blocked
    }

    /// Whether people may say yes to it. What they said earlier holds as long as it is not blocked.
    pub fn may_be_authorized(&self) -> bool {
        self.standing == Standing::Allowed
    }

    /// The registered URI that a request's `redirect_uri` matches. Left out, it is the only registered one
    /// (OAuth 2.1, section 4.1.1).
    pub fn match_redirect_uri(&self, requested: Option<&str>) -> Option<RedirectUri> {
        match requested {
            // What matched is kept as requested: a loopback address has its port only there.
            Some(requested) => {
                let is_registered = self.redirect_uris.iter().any(|registered| registered.matches(requested));
                if is_registered { RedirectUri::try_from(requested.to_owned()).ok() } else { None }
            }
            None => match self.redirect_uris.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
impl Client {
    /// A public client, for tests to change what they are about.
    pub(crate) fn public(id: &str, registration: Registration, redirect_uris: &[&str]) -> Self {
        let metadata = ClientMetadata {
            name: "App".into(),
            logo_uri: None,
            redirect_uris: redirect_uris.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect(),
            auth_method: AuthMethod::None,
            keys: None,
            identity_token_algorithm: SigningAlgorithm::Es256,
            may_refresh: true,
        };
        Self::new(ClientId(id.into()), metadata, registration, Timestamp::from_millis(0))
    }
}
