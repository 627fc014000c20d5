//! Signatures: making keys, signing with ours, verifying with other people's. `ring` does it all, in time that tells nothing
//! about a key, except looking for RSA's primes, which it can't.

use crate::{Deps, deps};
use domain::{
    entropy::Entropy,
    oauth::{
        jwk::PublicKey,
        jws,
        signing::{PrivateKey, SigningAlgorithm, SigningKey},
    },
};
use ring::{
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, KeyPair as _,
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
    },
};
use rsa::{RsaPrivateKey, pkcs8::EncodePrivateKey as _, rand_core};
use serde_json::{Value, json};
use std::sync::Arc;

/// Bits of our own RSA keys.
const RSA_BITS: usize = 2_048;

/// A key that the library refuses, or an algorithm that we don't sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signing key could not be made or used")]
pub struct BrokenKey;

/// A fresh pair. Primes are looked for on a thread of their own: that takes a while.
pub(crate) async fn make(deps: &Deps, algorithm: SigningAlgorithm) -> Result<(PublicKey, PrivateKey), BrokenKey> {
    match algorithm {
        SigningAlgorithm::Es256 => make_elliptic(),
        SigningAlgorithm::Rs256 => {
            let entropy = Arc::clone(&deps.entropy);
            tokio::task::spawn_blocking(move || make_rsa(&*entropy)).await.unwrap_or(Err(BrokenKey))
        }
        SigningAlgorithm::EdDsa => Err(BrokenKey),
    }
}

/// Signs `claims` in compact form; the header names the key.
pub(crate) fn sign(key: &SigningKey, claims: &Value) -> Result<String, BrokenKey> {
    let header = json!({ "alg": key.algorithm.as_str(), "kid": key.id, "typ": "JWT" });
    let input = jws::signing_input(&header, claims);
    let random = deps::randomness_of_ring();
    let signature = match key.algorithm {
        SigningAlgorithm::Es256 => {
            elliptic(key.private.expose())?.sign(&random, input.as_bytes()).map_err(|_| BrokenKey)?.as_ref().to_vec()
        }
        SigningAlgorithm::Rs256 => {
            let pair = RsaKeyPair::from_pkcs8(key.private.expose()).map_err(|_| BrokenKey)?;
            let mut signature = vec![0; pair.public().modulus_len()];
            pair.sign(&RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature).map_err(|_| BrokenKey)?;
            signature
        }
        SigningAlgorithm::EdDsa => return Err(BrokenKey),
    };
    Ok(jws::compact(&input, &signature))
}

/// Whether `signature` over `signed` was made with the private half of `key`.
pub(crate) fn is_genuine(key: &PublicKey, signed: &str, signature: &[u8]) -> bool {
    let signed = signed.as_bytes();
    match key {
        PublicKey::EllipticCurve { x, y } => {
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point(x, y)).verify(signed, signature).is_ok()
        }
        PublicKey::Rsa { modulus, exponent } => {
            let key = PublicKeyComponents { n: modulus, e: exponent };
            key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
        }
        PublicKey::Edwards { x } => UnparsedPublicKey::new(&ED25519, x).verify(signed, signature).is_ok(),
    }
}

fn make_elliptic() -> Result<(PublicKey, PrivateKey), BrokenKey> {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &deps::randomness_of_ring())
        .map_err(|_| BrokenKey)?;
    let pair = elliptic(document.as_ref())?;
    let public = match pair.public_key().as_ref() {
        [4, coordinates @ ..] => coordinates
            .split_at_checked(32)
            .and_then(|(x, y)| Some(PublicKey::EllipticCurve { x: x.try_into().ok()?, y: y.try_into().ok()? })),
        _ => None,
    };
    Ok((public.ok_or(BrokenKey)?, PrivateKey::from_pkcs8(document.as_ref().to_vec())))
}

fn make_rsa(entropy: &dyn Entropy) -> Result<(PublicKey, PrivateKey), BrokenKey> {
    let private = RsaPrivateKey::new(&mut Chance(entropy), RSA_BITS).map_err(|_| BrokenKey)?;
    let document = private.to_pkcs8_der().map_err(|_| BrokenKey)?;
    // Read by what will sign with it, so that a key which it refuses never becomes a row.
    let pair = RsaKeyPair::from_pkcs8(document.as_bytes()).map_err(|_| BrokenKey)?;
    let parts = PublicKeyComponents::<Vec<u8>>::from(pair.public());
    let public = PublicKey::Rsa { modulus: parts.n, exponent: parts.e };
    Ok((public, PrivateKey::from_pkcs8(document.as_bytes().to_vec())))
}

fn elliptic(pkcs8: &[u8]) -> Result<EcdsaKeyPair, BrokenKey> {
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &deps::randomness_of_ring())
        .map_err(|_| BrokenKey)
}

/// Uncompressed (SEC 1, section 2.3.3).
fn point(x: &[u8; 32], y: &[u8; 32]) -> [u8; 65] {
    let mut point = [4; 65];
    point[1..33].copy_from_slice(x);
    point[33..].copy_from_slice(y);
    point
}

/// Our source of chance in the shape that the `rsa` crate asks for.
struct Chance<'a>(&'a dyn Entropy);

impl rand_core::RngCore for Chance<'_> {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), rand_core::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rand_core::CryptoRng for Chance<'_> {}
