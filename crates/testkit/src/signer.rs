//! A client's own key, and the texts that it signs well and badly.
#![expect(clippy::unwrap_used, reason = "a key that can't be made ends the test")]

use crate::SeededEntropy;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::oauth::{
    jwk::PublicKey,
    jws::{compact, signing_input},
};
use ring::{
    hmac,
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use rsa::{
    RsaPrivateKey,
    pkcs8::EncodePrivateKey as _,
    rand_core::{CryptoRng, Error, RngCore, impls},
};
use serde_json::{Value, json};

pub struct Signer {
    id: String,
    key: Key,
}

enum Key {
    Elliptic(EcdsaKeyPair),
    Rsa(RsaKeyPair),
    Edwards(Ed25519KeyPair),
}

impl Signer {
    pub fn es256(id: &str) -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        Self { id: id.to_owned(), key: Key::Elliptic(pair) }
    }

    pub fn ed_dsa(id: &str) -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self { id: id.to_owned(), key: Key::Edwards(Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap()) }
    }

    /// Always the same key.
    pub fn rs256(id: &str) -> Self {
        let private = RsaPrivateKey::new(&mut Repeated(SeededEntropy::new(1)), 2_048).unwrap();
        let pair = RsaKeyPair::from_pkcs8(private.to_pkcs8_der().unwrap().as_bytes()).unwrap();
        Self { id: id.to_owned(), key: Key::Rsa(pair) }
    }

    pub fn jwk(&self) -> Value {
        let public = match &self.key {
            Key::Elliptic(pair) => {
                let point = pair.public_key().as_ref();
                PublicKey::EllipticCurve { x: point[1..33].try_into().unwrap(), y: point[33..].try_into().unwrap() }
            }
            Key::Rsa(pair) => {
                let parts = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                PublicKey::Rsa { modulus: parts.n, exponent: parts.e }
            }
            Key::Edwards(pair) => PublicKey::Edwards { x: pair.public_key().as_ref().try_into().unwrap() },
        };
        let mut jwk = public.to_jwk();
        jwk["kid"] = self.id.as_str().into();
        jwk
    }

    pub fn sign(&self, claims: &Value) -> String {
        let algorithm = match &self.key {
            Key::Elliptic(_) => "ES256",
            Key::Rsa(_) => "RS256",
            Key::Edwards(_) => "EdDSA",
        };
        let header = json!({ "alg": algorithm, "kid": self.id });
        let input = signing_input(&header, claims);
        let signed = input.as_bytes();
        let signature = match &self.key {
            Key::Elliptic(pair) => pair.sign(&SystemRandom::new(), signed).unwrap().as_ref().to_vec(),
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed, &mut signature).unwrap();
                signature
            }
            Key::Edwards(pair) => pair.sign(signed).as_ref().to_vec(),
        };
        compact(&input, &signature)
    }

    /// With a header and a signature of the test's choice.
    pub fn sign_as(&self, header: &Value, claims: &Value, signature: &[u8]) -> String {
        compact(&signing_input(header, claims), signature)
    }

    /// HS256 with the public key as the secret, which fools whoever lets the header choose.
    pub fn sign_with_shared_secret(&self, claims: &Value) -> String {
        let input = signing_input(&json!({ "alg": "HS256", "kid": self.id }), claims);
        let jwk = self.jwk();
        let secret = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
        let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), input.as_bytes());
        compact(&input, signature.as_ref())
    }
}

struct Repeated(SeededEntropy);

impl RngCore for Repeated {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        domain::entropy::Entropy::fill(&self.0, bytes);
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.fill_bytes(bytes);
        Ok(())
    }
}

impl CryptoRng for Repeated {}
