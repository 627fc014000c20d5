//! Signatures (RFC 7518, section 3.1): the algorithms that identity tokens and client assertions may be signed with. There
//! is no `none`, and none that uses a shared secret.

use super::{identity_token::IDENTITY_TOKEN_LIFETIME, jwk::PublicKey};
use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    #[serde(rename = "ES256")]
    Es256,
    #[serde(rename = "RS256")]
    Rs256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

impl SigningAlgorithm {
    const ALL: [Self; 3] = [Self::Es256, Self::Rs256, Self::EdDsa];

    /// What our identity tokens can be signed with. RS256 has to be among them (OpenID Connect Discovery 1.0, section 3).
    pub const OF_IDENTITY_TOKENS: [Self; 2] = [Self::Es256, Self::Rs256];

    /// What a client may sign its assertion with (RFC 7523).
    pub const OF_CLIENT_ASSERTIONS: [Self; 3] = Self::ALL;

    /// As `alg` says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::EdDsa => "EdDSA",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == name)
    }
}

/// A private key as PKCS#8 DER (RFC 5958). Like every secret it has no `Debug`, `Display` or `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateKey(Vec<u8>);

impl PrivateKey {
    pub const fn from_pkcs8(der: Vec<u8>) -> Self {
        Self(der)
    }

    /// The key itself, for its row and for whoever signs with it.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

/// A key that identity tokens are signed with. Of each algorithm one at most is current; the others are retired, or told when
/// they will be.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// `kid`: the thumbprint of the public half (RFC 7638).
    pub id: String,
    pub algorithm: SigningAlgorithm,
    pub public: PublicKey,
    pub private: PrivateKey,
    pub created_at: Timestamp,
    /// From then on it signs nothing.
    pub retired_at: Option<Timestamp>,
}

/// A new key is published this long before it signs: whoever keeps a copy of the set, keeps it for five minutes.
pub const PUBLISHED_BEFORE_USE: Duration = Duration::from_secs(600);

/// A retired key is published this long: until the last token that it signed has expired, for a clock a minute behind too.
pub const PUBLISHED_AFTER_RETIREMENT: Duration = Duration::from_secs(IDENTITY_TOKEN_LIFETIME.as_secs() + 60);

impl SigningKey {
    /// Whether a token may still be verified with it.
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.retired_at.is_none_or(|retired_at| now < retired_at.plus(PUBLISHED_AFTER_RETIREMENT))
    }

    /// The public half as an entry of our JWK set (RFC 7517).
    pub fn to_jwk(&self) -> Value {
        let mut jwk = self.public.to_jwk();
        jwk["kid"] = self.id.as_str().into();
        jwk["alg"] = self.algorithm.as_str().into();
        jwk["use"] = "sig".into();
        jwk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_retired_key_is_published_until_the_last_token_signed_with_it_has_expired() {
        let mut key = SigningKey {
            id: "key".to_owned(),
            algorithm: SigningAlgorithm::Es256,
            public: PublicKey::EllipticCurve { x: [1; 32], y: [2; 32] },
            private: PrivateKey::from_pkcs8(Vec::new()),
            created_at: Timestamp::from_millis(0),
            retired_at: None,
        };
        let retired_at = Timestamp::from_millis(1_000_000);
        assert!(key.is_published(retired_at.plus(Duration::from_secs(86_400))));
        key.retired_at = Some(retired_at);
        assert!(key.is_published(retired_at.plus(IDENTITY_TOKEN_LIFETIME)));
        assert!(!key.is_published(retired_at.plus(PUBLISHED_AFTER_RETIREMENT)));
    }

    #[test]
    fn what_is_published_of_a_key_holds_nothing_private() {
        let key = SigningKey {
            id: "key".to_owned(),
            algorithm: SigningAlgorithm::Rs256,
            public: PublicKey::Rsa { modulus: vec![0xab; 256], exponent: vec![1, 0, 1] },
            private: PrivateKey::from_pkcs8(vec![7; 32]),
            created_at: Timestamp::from_millis(0),
            retired_at: None,
        };
        let jwk = key.to_jwk();
        let members: Vec<&str> = jwk.as_object().into_iter().flat_map(|jwk| jwk.keys().map(String::as_str)).collect();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    }
}
