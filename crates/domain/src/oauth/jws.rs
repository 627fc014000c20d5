//! Signed texts in compact form (RFC 7515, section 7.1): taken apart and put together. Making and verifying signatures is
//! done elsewhere.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// A signed text that was sent. Nothing in it is to be believed before its signature was verified.
#[derive(Debug, Clone, PartialEq)]
pub struct Compact<'a> {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    /// What the signature is made over.
    pub signed: &'a str,
    pub signature: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a signed JSON Web Token")]
pub struct MalformedJws;

impl<'a> Compact<'a> {
    pub fn parse(text: &'a str) -> Result<Self, MalformedJws> {
        let (signed, signature) = text.rsplit_once('.').ok_or(MalformedJws)?;
        let (header, claims) = signed.split_once('.').ok_or(MalformedJws)?;
        Ok(Self {
            header: object(header)?,
            claims: object(claims)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).map_err(|_| MalformedJws)?,
        })
    }

    /// A member of the header that is a text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }
}

/// The first two parts, which the signature is made over.
pub fn signing_input(header: &Value, claims: &Value) -> String {
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

/// All three parts.
pub fn compact(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn object(part: &str) -> Result<Map<String, Value>, MalformedJws> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| MalformedJws)?;
    serde_json::from_slice(&bytes).map_err(|_| MalformedJws)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_put_together_is_taken_apart_again() {
        let input = signing_input(&json!({ "alg": "ES256", "kid": "one" }), &json!({ "sub": "client" }));
        let text = compact(&input, &[1, 2, 3]);
        assert!(Compact::parse(&text).is_ok_and(|read| {
            read.header("kid") == Some("one")
                && read.claims["sub"] == "client"
                && read.signed == input
                && read.signature == [1, 2, 3]
        }));
    }

    #[test]
    fn what_is_no_signed_token_is_refused() {
        let object = URL_SAFE_NO_PAD.encode("{}");
        let array = URL_SAFE_NO_PAD.encode("[]");
        for text in [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            object.clone(),
            format!("{object}.{object}"),
            format!("{object}.{object}.a.b.c"),
            format!("{object}.{array}."),
            format!("{object}.{object}=."),
            format!(" {object}.{object}."),
        ] {
            assert_eq!(Compact::parse(&text), Err(MalformedJws), "{text}");
        }
        assert!(Compact::parse(&format!("{object}.{object}.")).is_ok_and(|unsigned| unsigned.signature.is_empty()));
    }
}
