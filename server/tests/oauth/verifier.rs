//! A client that verifies an identity token as OpenID Connect Core 1.0, section 3.1.3.7 has it, with nothing but what
//! discovery tells.

use super::support::House;
use domain::{
    clock::Clock as _,
    oauth::{jwk::PublicKey, jws::Compact},
};
use http::StatusCode;
use ring::{
    rsa::PublicKeyComponents,
    signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
};
use serde_json::{Map, Value};

/// The claims, or the first check that failed.
pub async fn verify(house: &House, token: &str, client_id: &str) -> Result<Map<String, Value>, &'static str> {
    let discovered = house.get("/.well-known/openid-configuration").await.json();
    let jws = Compact::parse(token).map_err(|_| "form")?;
    let algorithms = discovered["id_token_signing_alg_values_supported"].as_array().unwrap();
    if !algorithms.iter().any(|algorithm| algorithm.as_str() == jws.header("alg")) {
        return Err("algorithm");
    }
    let key = key(house, &discovered, &jws).await.ok_or("key")?;
    if !is_genuine(&key, &jws) {
        return Err("signature");
    }
    let now = house.clock.now().as_seconds();
    let seconds = |name: &str| jws.claims.get(name).and_then(Value::as_i64);
    let checks = [
        (jws.claims.get("iss") == discovered.get("issuer"), "issuer"),
        (jws.claims.get("aud").and_then(Value::as_str) == Some(client_id), "audience"),
        (jws.claims.get("azp").is_none_or(|azp| azp == client_id), "authorized party"),
        (seconds("exp").is_some_and(|exp| now < exp), "expiry"),
        (seconds("iat").is_some_and(|iat| iat <= now), "time of issue"),
        (jws.claims.get("sub").and_then(Value::as_str).is_some_and(|sub| !sub.is_empty()), "subject"),
    ];
    match checks.into_iter().find(|(holds, _)| !holds) {
        Some((_, failed)) => Err(failed),
        None => Ok(jws.claims),
    }
}

/// The key that the header names, from the set that is published now.
async fn key(house: &House, discovered: &Value, jws: &Compact<'_>) -> Option<PublicKey> {
    let path = discovered["jwks_uri"].as_str().unwrap().strip_prefix("https://visage.example").unwrap();
    let answer = house.get(path).await;
    assert_eq!(answer.status, StatusCode::OK);
    let set = answer.json();
    let jwk = set["keys"].as_array().unwrap().iter().find(|jwk| jwk["kid"].as_str() == jws.header("kid"))?;
    assert_eq!((jwk["alg"].as_str(), jwk["use"].as_str()), (jws.header("alg"), Some("sig")));
    PublicKey::from_jwk(jwk)
}

fn is_genuine(key: &PublicKey, jws: &Compact<'_>) -> bool {
    let signed = jws.signed.as_bytes();
    match (key, jws.header("alg")) {
        (PublicKey::EllipticCurve { x, y }, Some("ES256")) => {
            let point = [&[4][..], x, y].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, &jws.signature).is_ok()
        }
        (PublicKey::Rsa { modulus, exponent }, Some("RS256")) => PublicKeyComponents { n: modulus, e: exponent }
            .verify(&RSA_PKCS1_2048_8192_SHA256, signed, &jws.signature)
            .is_ok(),
        _ => false,
    }
}
