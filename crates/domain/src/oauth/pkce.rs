//! Proof Key for Code Exchange (RFC 7636), method S256 alone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// BASE64URL(SHA256(verifier)): 43 characters (RFC 7636, section 4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChallenge(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    #[error("code_challenge is missing: send one made with code_challenge_method=S256")]
    Missing,
    #[error("code_challenge_method must be S256")]
    Method,
    #[error("code_challenge must be the base64url form of a SHA-256, 43 characters")]
    Challenge,
    #[error("code_verifier must be 43 to 128 of A-Z a-z 0-9 - . _ ~")]
    Verifier,
}

impl CodeChallenge {
    /// Reads the two parameters. An absent method would mean `plain` (section 4.3) and is refused like it.
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Self, PkceError> {
        let challenge = challenge.ok_or(PkceError::Missing)?;
        if method != Some("S256") {
            return Err(PkceError::Method);
        }
        Self::from_stored(challenge)
    }

    /// Reads a challenge from its row.
    pub fn from_stored(challenge: &str) -> Result<Self, PkceError> {
        match URL_SAFE_NO_PAD.decode(challenge) {
            Ok(bytes) if bytes.len() == 32 => Ok(Self(challenge.to_owned())),
            _ => Err(PkceError::Challenge),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `verifier` made this challenge.
    pub fn is_met_by(&self, verifier: &CodeVerifier) -> bool {
        URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.0.as_bytes())).as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// 43–128 unreserved characters (RFC 7636, section 4.1).
#[derive(Clone)]
pub struct CodeVerifier(String);

impl CodeVerifier {
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if (43..=128).contains(&text.len()) && text.bytes().all(unreserved) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PkceError::Verifier)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    #[test]
    fn the_example_of_the_rfc_is_met() {
        let challenge = CodeChallenge::parse(Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), Some("S256"));
        let verifier = CodeVerifier::parse("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert!(challenge.is_ok_and(|challenge| verifier.is_ok_and(|verifier| challenge.is_met_by(&verifier))));
    }

    #[test]
    fn plain_absent_and_misshapen_challenges_are_refused() {
        let good = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert_eq!(CodeChallenge::parse(None, Some("S256")), Err(PkceError::Missing));
        assert_eq!(CodeChallenge::parse(Some(good), Some("plain")), Err(PkceError::Method));
        assert_eq!(CodeChallenge::parse(Some(good), None), Err(PkceError::Method));
        assert_eq!(CodeChallenge::parse(Some("short"), Some("S256")), Err(PkceError::Challenge));
        assert!(CodeVerifier::parse(&"a".repeat(42)).is_err() && CodeVerifier::parse(&"a".repeat(129)).is_err());
        assert!(CodeVerifier::parse(&"a".repeat(43)).is_ok() && CodeVerifier::parse(&"a".repeat(128)).is_ok());
    }
}
