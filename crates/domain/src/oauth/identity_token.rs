//! Identity tokens and claims about a person (OpenID Connect Core 1.0, sections 2 and 5).

use super::{
    client::ClientId,
    scope::{Scope, ScopeSet},
};
use crate::{clock::Timestamp, secret::Secret, settings::PublicUrl, user::User};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// It tells a client who came, once; nobody needs it for long.
pub const IDENTITY_TOKEN_LIFETIME: Duration = Duration::from_secs(3_600);

/// Every claim that an identity token or `/userinfo` may hold.
pub const CLAIMS: [&str; 11] =
    ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name", "email", "email_verified"];

/// What a sign-in of a person tells a client.
pub struct Identity<'a> {
    pub client: &'a ClientId,
    pub user: &'a User,
    pub scopes: ScopeSet,
    /// When the person signed in; none where that was not recorded.
    pub signed_in_at: Option<Timestamp>,
    pub nonce: Option<&'a str>,
    /// Issued beside it.
    pub access_token: &'a Secret,
}

impl Identity<'_> {
    pub fn claims(&self, issuer: &PublicUrl, now: Timestamp) -> Value {
        let mut claims = about(self.user, self.scopes);
        claims.insert("iss".to_owned(), issuer.as_str().into());
        claims.insert("aud".to_owned(), self.client.0.as_str().into());
        claims.insert("iat".to_owned(), now.as_seconds().into());
        claims.insert("exp".to_owned(), now.plus(IDENTITY_TOKEN_LIFETIME).as_seconds().into());
        claims.insert("at_hash".to_owned(), hash(self.access_token).into());
        if let Some(signed_in_at) = self.signed_in_at {
            claims.insert("auth_time".to_owned(), signed_in_at.as_seconds().into());
        }
        if let Some(nonce) = self.nonce {
            claims.insert("nonce".to_owned(), nonce.into());
        }
        Value::Object(claims)
    }
}

/// What the granted scopes tell about a person. Nobody has proven an email address here, and the claim says so.
pub fn about(user: &User, scopes: ScopeSet) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), user.id.to_string().into());
    if scopes.contains(Scope::Profile) {
        claims.insert("name".to_owned(), user.name.as_str().into());
    }
    if scopes.contains(Scope::Email) {
        claims.insert("email".to_owned(), user.email.as_str().into());
        claims.insert("email_verified".to_owned(), json!(false));
    }
    claims
}

/// `at_hash`: the left half of the access token's SHA-256, which is the hash of ES256 and RS256 alike (section 3.1.3.6).
fn hash(access_token: &Secret) -> String {
    let hash = Sha256::digest(access_token.expose().as_bytes());
    URL_SAFE_NO_PAD.encode(&hash[..hash.len() / 2])
}
