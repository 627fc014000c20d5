//! Client assertions (RFC 7523, section 3, as narrowed by its successor): what one must say before it proves who a client is.

use super::{client::ClientId, jws::Compact, signing::SigningAlgorithm};
use crate::{clock::Timestamp, settings::PublicUrl};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// `client_assertion_type`.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far ahead an assertion may expire.
pub const LONGEST_LIFE: Duration = Duration::from_secs(300);

/// How much two clocks may differ.
const SKEW: Duration = Duration::from_secs(60);

/// In bytes. A longer one would be kept for nothing.
const LONGEST_ID: usize = 512;

/// Why an assertion proves nothing. Told to the client: it holds nothing that the client didn't say itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssertionFault {
    #[error("it is no signed JSON Web Token")]
    Malformed,
    #[error("it must be signed with ES256, RS256 or EdDSA")]
    Algorithm,
    #[error("it has a critical header that is not understood here")]
    Critical,
    #[error("its typ is of another kind of token")]
    Type,
    #[error("iss and sub must both be the client_id")]
    Subject,
    #[error("aud must be the issuer of this server and nothing else")]
    Audience,
    #[error("exp is missing, has passed, or is more than 5 minutes ahead")]
    Expiry,
    #[error("nbf or iat is in the future")]
    NotYet,
    #[error("jti is missing or longer than 512 bytes")]
    Id,
    #[error("no key of the client has its kid")]
    UnknownKey,
    #[error("its signature is not of the client's key")]
    Signature,
    #[error("it was used before: make a new one for each request")]
    Replayed,
}

/// SHA-256 of a client and its `jti`: by it a spent assertion is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssertionHash(pub [u8; 32]);

/// What an assertion says, apart from its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    pub algorithm: SigningAlgorithm,
    pub key_id: Option<String>,
    pub hash: AssertionHash,
    /// When it can't be sent any more, and need not be remembered.
    pub expires_at: Timestamp,
}

/// Who an assertion says that it is of. To be believed only once [`judge`] and the signature agree.
pub fn claimed_client(jws: &Compact<'_>) -> Option<ClientId> {
    jws.claims.get("sub").and_then(Value::as_str).map(|sub| ClientId(sub.to_owned()))
}

/// Judges everything but the signature.
pub fn judge(
    jws: &Compact<'_>,
    client: &ClientId,
    issuer: &PublicUrl,
    now: Timestamp,
) -> Result<Assertion, AssertionFault> {
    let algorithm = jws
        .header("alg")
        .and_then(SigningAlgorithm::from_name)
        .filter(|algorithm| SigningAlgorithm::OF_CLIENT_ASSERTIONS.contains(algorithm))
        .ok_or(AssertionFault::Algorithm)?;
    if jws.header.contains_key("crit") {
        return Err(AssertionFault::Critical);
    }
    if !jws.header.get("typ").is_none_or(is_fitting_type) {
        return Err(AssertionFault::Type);
    }
    let claim = |name: &str| jws.claims.get(name).and_then(Value::as_str);
    if claim("iss") != Some(&client.0) || claim("sub") != Some(&client.0) {
        return Err(AssertionFault::Subject);
    }
    if !is_only(jws.claims.get("aud"), issuer.as_str()) {
        return Err(AssertionFault::Audience);
    }
    let expires_at = moment(jws.claims.get("exp"))?.ok_or(AssertionFault::Expiry)?;
    if expires_at <= now.minus(SKEW) || expires_at > now.plus(LONGEST_LIFE).plus(SKEW) {
        return Err(AssertionFault::Expiry);
    }
    for name in ["nbf", "iat"] {
        if moment(jws.claims.get(name))?.is_some_and(|moment| moment > now.plus(SKEW)) {
            return Err(AssertionFault::NotYet);
        }
    }
    let id = claim("jti").filter(|id| !id.is_empty() && id.len() <= LONGEST_ID).ok_or(AssertionFault::Id)?;
    Ok(Assertion {
        algorithm,
        key_id: jws.header("kid").map(str::to_owned),
        hash: hash(client, id),
        expires_at: expires_at.plus(SKEW),
    })
}

/// `typ` may be left out, say nothing in particular, or name this very kind of token; any other kind was made for another
/// purpose.
fn is_fitting_type(typ: &Value) -> bool {
    let Some(typ) = typ.as_str().map(str::to_ascii_lowercase) else { return false };
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    matches!(typ, "jwt" | "client-authentication+jwt")
}

/// The audience is a text or a list; with a second name in it, another server could use the assertion here.
fn is_only(audience: Option<&Value>, issuer: &str) -> bool {
    match audience {
        Some(Value::String(only)) => only == issuer,
        Some(Value::Array(list)) => matches!(list.as_slice(), [Value::String(only)] if only == issuer),
        _ => false,
    }
}

/// A NumericDate (RFC 7519, section 2): seconds, with or without a fraction.
fn moment(claim: Option<&Value>) -> Result<Option<Timestamp>, AssertionFault> {
    let Some(claim) = claim else { return Ok(None) };
    let seconds = claim.as_f64().filter(|seconds| seconds.abs() < 1e11).ok_or(AssertionFault::Expiry)?;
    #[expect(clippy::cast_possible_truncation, reason = "no further from zero than 1e14")]
    Ok(Some(Timestamp::from_millis((seconds * 1_000.0) as i64)))
}

fn hash(client: &ClientId, id: &str) -> AssertionHash {
    let mut hash = Sha256::new();
    hash.update(client.0.as_bytes());
    hash.update(b"\0");
    hash.update(id.as_bytes());
    AssertionHash(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::jws::{compact, signing_input};
    use serde_json::json;

    const NOW: i64 = 1_795_254_060;

    fn judged(change: impl FnOnce(&mut Value, &mut Value)) -> Result<Assertion, AssertionFault> {
        let mut header = json!({ "alg": "ES256", "kid": "one" });
        let mut claims = json!({
            "iss": "client_1", "sub": "client_1", "aud": "https://visage.example", "exp": NOW + 60, "iat": NOW, "jti": "a",
        });
        change(&mut header, &mut claims);
        let text = compact(&signing_input(&header, &claims), &[0; 64]);
        let jws = Compact::parse(&text).map_err(|_| AssertionFault::Malformed)?;
        let issuer = "https://visage.example".parse().map_err(|_| AssertionFault::Malformed)?;
        judge(&jws, &ClientId("client_1".to_owned()), &issuer, Timestamp::from_millis(NOW * 1_000))
    }

    fn with(name: &str, value: Value) -> Result<Assertion, AssertionFault> {
        judged(|_, claims| claims[name] = value)
    }

    #[test]
    fn a_good_assertion_is_accepted() {
        let assertion = judged(|_, _| {});
        assert!(assertion.is_ok_and(|assertion| assertion.key_id.as_deref() == Some("one")));
        assert!(with("aud", json!(["https://visage.example"])).is_ok());
        assert!(with("exp", json!(NOW as f64 + 299.5)).is_ok());
        assert!(with("exp", json!(NOW - 59)).is_ok(), "a clock that is a minute behind");
        for typ in ["JWT", "client-authentication+jwt", "application/client-authentication+JWT"] {
            assert!(judged(|header, _| header["typ"] = typ.into()).is_ok(), "{typ}");
        }
    }

    #[test]
    fn each_fault_is_seen() {
        use AssertionFault::{Algorithm, Audience, Critical, Expiry, Id, NotYet, Subject, Type};
        for (name, value, fault) in [
            ("iss", json!("client_2"), Subject),
            ("sub", json!("client_2"), Subject),
            ("aud", json!("https://visage.example/"), Audience),
            ("aud", json!("https://visage.example/token"), Audience),
            ("aud", json!(["https://visage.example", "https://other.example"]), Audience),
            ("aud", json!([]), Audience),
            ("aud", Value::Null, Audience),
            ("exp", json!(NOW - 60), Expiry),
            ("exp", json!(NOW + 361), Expiry),
            ("exp", json!("soon"), Expiry),
            ("exp", json!(1e300), Expiry),
            ("nbf", json!(NOW + 61), NotYet),
            ("iat", json!(NOW + 61), NotYet),
            ("jti", json!(""), Id),
            ("jti", json!("x".repeat(513)), Id),
            ("jti", json!(7), Id),
        ] {
            assert_eq!(with(name, value.clone()), Err(fault), "{name}: {value}");
        }
        for algorithm in ["none", "None", "HS256", "ES384", "PS256", ""] {
            assert_eq!(judged(|header, _| header["alg"] = algorithm.into()), Err(Algorithm), "{algorithm}");
        }
        assert_eq!(judged(|header, _| header["crit"] = json!(["b64"])), Err(Critical));
        for typ in ["at+jwt", "dpop+jwt", "logout+jwt"] {
            assert_eq!(judged(|header, _| header["typ"] = typ.into()), Err(Type), "{typ}");
        }
        assert_eq!(judged(|_, claims| *claims = json!({})), Err(Subject));
    }

    #[test]
    fn two_clients_may_use_one_identifier() {
        let (one, other) = (ClientId("a".to_owned()), ClientId("b".to_owned()));
        assert_ne!(hash(&one, "1"), hash(&other, "1"));
        assert_eq!(hash(&one, "1"), hash(&one, "1"));
    }
}
