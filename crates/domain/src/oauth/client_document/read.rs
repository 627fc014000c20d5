//! What a document must hold, and what of it is passed over.

use super::DocumentUrl;
use crate::oauth::{
    client::AuthMethod,
    client_metadata::{ClientMetadata, MetadataError, is_secret},
    redirect_uri::RedirectUri,
};
use serde_json::{Map, Value};

/// Redirect URIs of one document that are looked at, before those that differ by a loopback port only are taken for one.
const MOST_REDIRECT_URIS_READ: usize = 100;

/// Why a document is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    #[error("it is no JSON object")]
    NotAnObject,
    #[error("its client_id is not the address it was read from")]
    WrongClientId,
    #[error("it has no client_name")]
    NoName,
    #[error("it holds a client secret, which everybody can read there")]
    Secret,
    #[error("it holds a private key, which everybody can read there")]
    PrivateKey,
    #[error(
        "a client that everybody can read about can't have a shared secret: its authentication method must be none or private_key_jwt"
    )]
    AuthMethod,
    #[error(transparent)]
    Metadata(#[from] MetadataError),
}

/// Reads the document that was found at `url`. What it says of other servers' needs (grants, scopes, fields unknown here)
/// is passed over.
pub fn read(url: &DocumentUrl, body: &[u8]) -> Result<ClientMetadata, DocumentError> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
        return Err(DocumentError::NotAnObject);
    };
    if fields.get("client_id").and_then(Value::as_str) != Some(url.as_str()) {
        return Err(DocumentError::WrongClientId);
    }
    if fields.get("client_name").and_then(Value::as_str).is_none_or(|name| name.trim().is_empty()) {
        return Err(DocumentError::NoName);
    }
    let holds = |name: &str| fields.get(name).is_some_and(|value| !value.is_null());
    if holds("client_secret") || holds("client_secret_expires_at") {
        return Err(DocumentError::Secret);
    }
    let set = fields.get("jwks").and_then(|set| set.get("keys")).and_then(Value::as_array);
    if set.into_iter().flatten().any(is_secret) {
        return Err(DocumentError::PrivateKey);
    }
    let (may_be_public, may_sign) = auth_methods(&fields)?;
    join_loopback_ports(&mut fields);
    if may_sign {
        let signing = parse_as(&mut fields, AuthMethod::PrivateKeyJwt);
        // A client that offers both is public with keys: what it signs is verified, what it doesn't sign is let through.
        if may_be_public && let Ok(metadata) = signing {
            return Ok(ClientMetadata { auth_method: AuthMethod::None, ..metadata });
        }
        if !may_be_public {
            return Ok(signing?);
        }
    }
    Ok(parse_as(&mut fields, AuthMethod::None)?)
}

fn parse_as(fields: &mut Map<String, Value>, method: AuthMethod) -> Result<ClientMetadata, MetadataError> {
    fields.insert("token_endpoint_auth_method".to_owned(), method.as_str().into());
    let document = Value::Object(std::mem::take(fields));
    let metadata = ClientMetadata::parse(&document);
    if let Value::Object(taken) = document {
        *fields = taken;
    }
    metadata
}

/// Whether the client may come without any proof, and whether it may sign. Documents name one method, or a list of them
/// under the name that belongs to a server's metadata, or both.
fn auth_methods(fields: &Map<String, Value>) -> Result<(bool, bool), DocumentError> {
    let one = fields.get("token_endpoint_auth_method").and_then(Value::as_str);
    let listed = fields.get("token_endpoint_auth_methods_supported").and_then(Value::as_array);
    let listed = listed.into_iter().flatten().filter_map(Value::as_str);
    let named: Vec<&str> = one.into_iter().chain(listed).filter(|name| !name.is_empty()).collect();
    let names = |method: AuthMethod| named.contains(&method.as_str());
    let (may_be_public, may_sign) = (named.is_empty() || names(AuthMethod::None), names(AuthMethod::PrivateKeyJwt));
    let may_as_told = one.is_none_or(|one| {
        one != "client_secret_jwt" && !AuthMethod::from_name(one).is_some_and(AuthMethod::has_secret)
    });
    if may_as_told && (may_be_public || may_sign) {
        Ok((may_be_public, may_sign))
    } else {
        Err(DocumentError::AuthMethod)
    }
}

/// Some documents list a dozen ports of one loopback address, where one entry stands for all.
fn join_loopback_ports(fields: &mut Map<String, Value>) {
    let Some(Value::Array(listed)) = fields.get_mut("redirect_uris") else { return };
    let mut kept: Vec<RedirectUri> = Vec::new();
    listed.truncate(MOST_REDIRECT_URIS_READ);
    listed.retain(|value| match value.as_str().map(|text| (text, RedirectUri::parse(text))) {
        Some((text, Ok(uri))) => {
            let is_new = !kept.iter().any(|kept| kept.matches(text));
            if is_new {
                kept.push(uri);
            }
            is_new
        }
        // Refused below, with its reason.
        _ => true,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::{client::ClientKeys, client_document::Reach};
    use serde_json::json;

    const URL: &str = "https://app.example.com/client.json";

    fn url() -> DocumentUrl {
        DocumentUrl::parse(URL, Reach::Public).unwrap().unwrap()
    }

    /// A good document with `changes` made to it; null takes a field away.
    fn read_with(changes: &Value) -> Result<ClientMetadata, DocumentError> {
        let mut document = json!({
            "client_id": URL,
            "client_name": "App",
            "redirect_uris": ["https://app.example.com/callback"],
        });
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        document.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        read(&url(), document.to_string().as_bytes())
    }

    #[test]
    fn a_document_speaks_for_its_own_address_and_keeps_no_secret() {
        assert!(read_with(&json!({})).is_ok_and(|metadata| metadata.name == "App" && metadata.may_refresh));
        for (changes, reason) in [
            (json!({"client_id": "https://app.example.com/other.json"}), DocumentError::WrongClientId),
            (json!({"client_id": null}), DocumentError::WrongClientId),
            (json!({"client_name": null}), DocumentError::NoName),
            (json!({"client_name": "  "}), DocumentError::NoName),
            (json!({"client_secret": "s"}), DocumentError::Secret),
            (json!({"client_secret_expires_at": 0}), DocumentError::Secret),
            (json!({"jwks": {"keys": [{"kty": "EC"}, {"kty": "EC", "d": "x"}]}}), DocumentError::PrivateKey),
            (json!({"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}), DocumentError::PrivateKey),
            (json!({"token_endpoint_auth_method": "client_secret_basic"}), DocumentError::AuthMethod),
            (json!({"token_endpoint_auth_method": "client_secret_jwt"}), DocumentError::AuthMethod),
            (json!({"token_endpoint_auth_methods_supported": ["client_secret_post"]}), DocumentError::AuthMethod),
            (json!({"redirect_uris": null}), MetadataError::NoRedirectUri.into()),
            (json!({"redirect_uris": []}), MetadataError::NoRedirectUri.into()),
            (json!({"token_endpoint_auth_method": "private_key_jwt"}), MetadataError::NoKeys.into()),
        ] {
            assert_eq!(read_with(&changes), Err(reason), "{changes}");
        }
        assert!(matches!(
            read_with(&json!({"redirect_uris": ["http://app.example.com/cb"]})),
            Err(DocumentError::Metadata(MetadataError::RedirectUri(_)))
        ));
        for body in ["", "[]", "null", "{", "<html>"] {
            assert_eq!(read(&url(), body.as_bytes()), Err(DocumentError::NotAnObject), "{body}");
        }
    }

    #[test]
    fn what_concerns_other_servers_is_passed_over() {
        let metadata = read_with(&json!({
            "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
            "application_type": "native",
            "scope": "claudeai",
            "logo_uri": "https://app.example.com/logo.svg",
            "token_endpoint_auth_methods_supported": ["none", "magic"],
        }));
        assert!(metadata.is_ok_and(|metadata| metadata.auth_method == AuthMethod::None && metadata.keys.is_none()));
    }

    #[test]
    fn a_client_that_may_sign_keeps_its_keys_even_where_it_need_not() {
        let keys = "https://app.example.com/keys.json";
        let kept = Some(ClientKeys::Uri(keys.to_owned()));
        let both = read_with(&json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
            "jwks_uri": keys,
        }))
        .unwrap();
        assert_eq!((both.auth_method, both.keys), (AuthMethod::None, kept.clone()));
        let signs = read_with(&json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": keys})).unwrap();
        assert_eq!((signs.auth_method, signs.keys), (AuthMethod::PrivateKeyJwt, kept));
        let without =
            read_with(&json!({"token_endpoint_auth_methods_supported": ["none", "private_key_jwt"]})).unwrap();
        assert_eq!((without.auth_method, without.keys), (AuthMethod::None, None));
    }

    #[test]
    fn a_dozen_ports_of_one_loopback_address_are_one() {
        let ports = (13_316..13_336).flat_map(|port| {
            ["127.0.0.1", "localhost"].map(|host| Value::from(format!("http://{host}:{port}/callback")))
        });
        let metadata = read_with(&json!({"redirect_uris": ports.collect::<Vec<_>>()})).unwrap();
        assert_eq!(metadata.redirect_uris.len(), 2);
    }
}
