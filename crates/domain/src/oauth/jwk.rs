//! JSON Web Keys (RFC 7517, 7518, 8037): the public keys of our three algorithms, read from a set and written into one.

use super::signing::SigningAlgorithm;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Keys of one set that are looked at.
const MOST_KEYS: usize = 50;
/// Bits of an RSA modulus. Shorter ones are guessed, longer ones keep us busy.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;

/// A public key that a signature can be verified with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// A point of P-256, for ES256.
    EllipticCurve { x: [u8; 32], y: [u8; 32] },
    /// For RS256: both numbers big-endian, without zeros in front.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// Ed25519, for `EdDSA`.
    Edwards { x: [u8; 32] },
}

impl PublicKey {
    /// Reads the members that make the key; none where they make none of ours.
    pub fn from_jwk(jwk: &Value) -> Option<Self> {
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        let number = |name: &str| member(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        match (member("kty")?, member("crv")) {
            ("EC", Some("P-256")) => {
                Some(Self::EllipticCurve { x: number("x")?.try_into().ok()?, y: number("y")?.try_into().ok()? })
            }
            ("OKP", Some("Ed25519")) => Some(Self::Edwards { x: number("x")?.try_into().ok()? }),
            ("RSA", _) => {
                let (modulus, exponent) = (unpadded(number("n")?), unpadded(number("e")?));
                let bits = modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize);
                RSA_BITS.contains(&bits).then_some(Self::Rsa { modulus, exponent })
            }
            _ => None,
        }
    }

    pub const fn algorithm(&self) -> SigningAlgorithm {
        match self {
            Self::EllipticCurve { .. } => SigningAlgorithm::Es256,
            Self::Rsa { .. } => SigningAlgorithm::Rs256,
            Self::Edwards { .. } => SigningAlgorithm::EdDsa,
        }
    }

    pub fn to_jwk(&self) -> Value {
        match self {
            Self::EllipticCurve { x, y } => json!({ "kty": "EC", "crv": "P-256", "x": encoded(x), "y": encoded(y) }),
            Self::Rsa { modulus, exponent } => {
                json!({ "kty": "RSA", "n": encoded(modulus), "e": encoded(exponent) })
            }
            Self::Edwards { x } => json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(x) }),
        }
    }

    /// SHA-256 of the key's own members in the order of the alphabet (RFC 7638, section 3), written out by hand: a JSON
    /// printer may order them otherwise.
    pub fn thumbprint(&self) -> String {
        let members = match self {
            Self::EllipticCurve { x, y } => {
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, encoded(x), encoded(y))
            }
            Self::Rsa { modulus, exponent } => {
                format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encoded(exponent), encoded(modulus))
            }
            Self::Edwards { x } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encoded(x)),
        };
        encoded(&Sha256::digest(members.as_bytes()))
    }
}

/// The keys of a JWK set (RFC 7517, section 5) that signatures may be verified with. Nothing else that the set says is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySet(Vec<NamedKey>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct NamedKey {
    /// Its `kid`.
    id: Option<String>,
    key: PublicKey,
}

/// What of a JWK set may have made a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Candidates<'a> {
    Keys(Vec<&'a PublicKey>),
    /// No key for signatures bears the `kid` that the signature names: the set may be older than the key.
    UnknownKey,
}

impl KeySet {
    /// A key that says that it is for encryption, or for another algorithm than its own, is passed over.
    pub fn read(set: &Value) -> Self {
        let keys = set.get("keys").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Self(keys.iter().take(MOST_KEYS).filter_map(NamedKey::read).collect())
    }

    /// Whether no signature could be verified with it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys for `algorithm`: those that bear the `kid`, or all where the signature names none.
    pub fn candidates(&self, algorithm: SigningAlgorithm, key_id: Option<&str>) -> Candidates<'_> {
        let is_named = |key: &&NamedKey| key_id.is_none_or(|id| key.id.as_deref() == Some(id));
        let mut named = self.0.iter().filter(is_named).map(|named| &named.key).peekable();
        if named.peek().is_none() {
            return Candidates::UnknownKey;
        }
        Candidates::Keys(named.filter(|key| key.algorithm() == algorithm).collect())
    }
}

impl NamedKey {
    fn read(jwk: &Value) -> Option<Self> {
        let key = PublicKey::from_jwk(jwk)?;
        let says =
            |member: &str, expected: &str| jwk.get(member).is_none_or(|value| value.is_null() || value == expected);
        let is_for_signatures = says("use", "sig") && says("alg", key.algorithm().as_str());
        let id = jwk.get("kid").and_then(Value::as_str).map(str::to_owned);
        is_for_signatures.then_some(Self { id, key })
    }
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Some printers put a zero in front of a number whose first bit is set.
fn unpadded(number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    if zeros == 0 { number } else { number[zeros..].to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 7638, section 3.1, with its thumbprint.
    const MODULUS: &str = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    #[test]
    fn a_thumbprint_is_the_one_of_the_specification() {
        let key = PublicKey::from_jwk(&json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB", "alg": "RS256" }));
        let thumbprint = key.map(|key| key.thumbprint());
        assert_eq!(thumbprint.as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    }

    #[test]
    fn every_kind_of_key_is_read_back_as_what_it_was() {
        for key in [
            PublicKey::EllipticCurve { x: [3; 32], y: [4; 32] },
            PublicKey::Rsa { modulus: vec![0xff; 256], exponent: vec![1, 0, 1] },
            PublicKey::Edwards { x: [5; 32] },
        ] {
            assert_eq!(PublicKey::from_jwk(&key.to_jwk()), Some(key));
        }
    }

    #[test]
    fn a_shared_secret_and_a_short_modulus_are_no_keys() {
        let short = URL_SAFE_NO_PAD.encode([0xff; 128]);
        for jwk in [
            json!({ "kty": "oct", "k": "AAAA" }),
            json!({ "kty": "RSA", "n": short, "e": "AQAB" }),
            json!({ "kty": "EC", "crv": "P-384", "x": "AA", "y": "AA" }),
            json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" }),
            json!({ "kty": "EC" }),
            json!("EC"),
        ] {
            assert_eq!(PublicKey::from_jwk(&jwk), None, "{jwk}");
        }
    }

    #[test]
    fn a_signature_is_tried_with_the_keys_that_it_may_have_been_made_by() {
        let named = |mut jwk: Value, id: &str| {
            jwk["kid"] = id.into();
            jwk
        };
        let one = PublicKey::EllipticCurve { x: [1; 32], y: [1; 32] };
        let other = PublicKey::EllipticCurve { x: [2; 32], y: [2; 32] };
        let mut for_encryption = named(one.to_jwk(), "enc");
        for_encryption["use"] = "enc".into();
        let mut of_another = named(one.to_jwk(), "rsa");
        of_another["alg"] = "RS256".into();
        let set = json!({
            "keys": [named(one.to_jwk(), "one"), named(other.to_jwk(), "other"), for_encryption, of_another],
        });
        let set = KeySet::read(&set);
        let of = |algorithm, id| set.candidates(algorithm, id);
        assert_eq!(of(SigningAlgorithm::Es256, Some("other")), Candidates::Keys(vec![&other]));
        assert_eq!(of(SigningAlgorithm::Es256, None), Candidates::Keys(vec![&one, &other]));
        assert_eq!(of(SigningAlgorithm::Rs256, Some("one")), Candidates::Keys(Vec::new()));
        for unknown in ["enc", "rsa", "foreign"] {
            assert_eq!(of(SigningAlgorithm::Es256, Some(unknown)), Candidates::UnknownKey, "{unknown}");
        }
        assert_eq!(KeySet::read(&json!({})).candidates(SigningAlgorithm::Es256, None), Candidates::UnknownKey);
    }

    #[test]
    fn nothing_of_a_set_is_kept_but_fifty_keys() {
        let key = PublicKey::Edwards { x: [5; 32] };
        let mut listed = vec![json!({ "kty": "EC", "x5c": ["A".repeat(1_000)] }), json!([[[]]])];
        listed.resize_with(MOST_KEYS + 10, || key.to_jwk());
        let set = KeySet::read(&json!({ "keys": listed, "more": [[], [], []] }));
        assert_eq!(set.0, vec![NamedKey { id: None, key }; MOST_KEYS - 2]);
    }
}
