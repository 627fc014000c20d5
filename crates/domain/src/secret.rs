//! Tokens and keys: `prefix_` + random base62 + six base62 digits of CRC-32, so that a scanner can find one in a leak and
//! know that it is real, and garbage never reaches the store. A [`Secret`] can't be printed or stored; its hash can.

use crate::entropy::Entropy;
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKSUM_DIGITS: usize = 6;

/// What a secret opens, told by its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretKind {
    AccessToken,
    RefreshToken,
    AuthorizationCode,
    PublishableKey,
    SecretKey,
    /// The value of a session cookie.
    Session,
    /// What a confidential client proves itself with (RFC 6749, section 2.3.1).
    ClientSecret,
    /// What a client manages its registration with: the registration access token (RFC 7592, section 3).
    RegistrationToken,
}

impl SecretKind {
    const ALL: [Self; 8] = [
        Self::AccessToken,
        Self::RefreshToken,
        Self::AuthorizationCode,
        Self::PublishableKey,
        Self::SecretKey,
        Self::Session,
        Self::ClientSecret,
        Self::RegistrationToken,
    ];

    pub const fn prefix(self) -> &'static str {
        match self {
            Self::AccessToken => "vat_",
            Self::RefreshToken => "vrt_",
            Self::AuthorizationCode => "vac_",
            Self::PublishableKey => "pk_",
            Self::SecretKey => "sk_",
            Self::Session => "vss_",
            Self::ClientSecret => "vcs_",
            Self::RegistrationToken => "vra_",
        }
    }

    /// Random base62 digits: 43 hold 256 bits, 27 hold 160.
    const fn digits(self) -> usize {
        match self {
            Self::PublishableKey | Self::SecretKey => 27,
            _ => 43,
        }
    }
}

/// A text that is no secret of ours: wrong prefix, length, alphabet or checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token or key of this server")]
pub struct MalformedSecret;

/// A token or key in the clear. It has no `Debug`, `Display` or `Serialize` on purpose: whoever writes it out says
/// [`Secret::expose`]. Comparing takes as long for what is nearly right as for what is quite wrong.
#[derive(Clone)]
pub struct Secret {
    kind: SecretKind,
    text: String,
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.text.as_bytes().ct_eq(other.text.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl Secret {
    pub fn generate(kind: SecretKind, entropy: &dyn Entropy) -> Self {
        let mut text = String::from(kind.prefix());
        let mut pool = [0; 64];
        let mut digits = 0;
        while digits < kind.digits() {
            entropy.fill(&mut pool);
            // 248 is the largest multiple of 62 below 256: bytes above it would favour the first digits.
            for byte in pool.iter().filter(|byte| **byte < 248) {
                if digits < kind.digits() {
                    text.push(char::from(ALPHABET[usize::from(byte % 62)]));
                    digits += 1;
                }
            }
        }
        let checksum = checksum(&text);
        text.push_str(&checksum);
        Self { kind, text }
    }

    /// Reads a secret that somebody sent; its form and checksum are checked, nothing else.
    pub fn parse(text: &str) -> Result<Self, MalformedSecret> {
        let kind = SecretKind::ALL.into_iter().find(|kind| text.starts_with(kind.prefix())).ok_or(MalformedSecret)?;
        let body = &text[kind.prefix().len()..];
        let well_formed =
            body.len() == kind.digits() + CHECKSUM_DIGITS && body.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !well_formed || !text.ends_with(&checksum(&text[..text.len() - CHECKSUM_DIGITS])) {
            return Err(MalformedSecret);
        }
        Ok(Self { kind, text: text.to_owned() })
    }

    /// Reads a secret of one kind.
    pub fn parse_as(kind: SecretKind, text: &str) -> Result<Self, MalformedSecret> {
        Self::parse(text).and_then(|secret| if secret.kind == kind { Ok(secret) } else { Err(MalformedSecret) })
    }

    pub const fn kind(&self) -> SecretKind {
        self.kind
    }

    /// The text itself, for the one answer that hands it over.
    pub fn expose(&self) -> &str {
        &self.text
    }

    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.text.as_bytes()).into())
    }

    /// The first characters, by which a person tells keys apart: `pk_7f3eQa`.
    pub fn hint(&self) -> String {
        self.text.chars().take(self.kind.prefix().len() + 6).collect()
    }
}

/// SHA-256 of a secret: what rows hold. With 256 (160) random bits in it a fast hash is enough.
#[derive(Debug, Clone, Copy)]
pub struct SecretHash(pub [u8; 32]);

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretHash {}

impl SecretHash {
    pub fn matches(&self, secret: &Secret) -> bool {
        *self == secret.hash()
    }

    /// 64 lower-case hexadecimal digits.
    pub fn to_hex(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for SecretHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

fn checksum(text: &str) -> String {
    let mut value = crc32fast::hash(text.as_bytes());
    let mut digits = [b'0'; CHECKSUM_DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(value % 62) as usize];
        value /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    struct Counter(AtomicU8);

    impl Entropy for Counter {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn every_kind_is_read_back_as_what_it_was() {
        for kind in SecretKind::ALL {
            let secret = Secret::generate(kind, &Counter(AtomicU8::new(7)));
            assert!(
                Secret::parse(secret.expose()).is_ok_and(|read| read.kind() == kind && read.hash() == secret.hash())
            );
        }
    }

    #[test]
    fn a_changed_digit_fails_the_checksum() {
        let text = Secret::generate(SecretKind::AccessToken, &Counter(AtomicU8::new(1))).expose().to_owned();
        for position in 4..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[position] = if bytes[position] == b'a' { b'b' } else { b'a' };
            assert!(Secret::parse(&String::from_utf8_lossy(&bytes)).is_err(), "position {position}");
        }
    }

    #[test]
    fn garbage_is_refused() {
        for text in ["", "vat_", "pk_é", "sk_0000000000000000000000000000000000", "Bearer vat_x", "vat_\u{1F600}"] {
            assert!(Secret::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_token_of_another_kind_is_refused() {
        let refresh = Secret::generate(SecretKind::RefreshToken, &Counter(AtomicU8::new(9)));
        assert!(Secret::parse_as(SecretKind::AccessToken, refresh.expose()).is_err());
    }
}
