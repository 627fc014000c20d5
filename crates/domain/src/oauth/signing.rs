//! Signatures (RFC 7518, section 3.1): the algorithms that identity tokens and client assertions may be signed with. There
//! is no `none`, and none that uses a shared secret.

use serde::{Deserialize, Serialize};

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
