//! What a client may say of itself, and what it may not.

use super::*;
use serde_json::json;

#[test]
fn three_uris_of_three_kinds_register_in_one_request() {
    let metadata = ClientMetadata::parse(&json!({
        "client_name": "Cursor",
        "redirect_uris": ["cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback", "http://localhost:8787/callback"],
        "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": "claudeai",
    }));
    assert!(metadata.is_ok_and(|metadata| metadata.redirect_uris.len() == 3 && metadata.may_refresh));
}

#[test]
fn each_fault_has_its_code() {
    for (document, code) in [
        (json!([]), ErrorCode::InvalidClientMetadata),
        (json!({}), ErrorCode::InvalidRedirectUri),
        (json!({"redirect_uris": []}), ErrorCode::InvalidRedirectUri),
        (json!({"redirect_uris": "https://x.example/"}), ErrorCode::InvalidRedirectUri),
        (json!({"redirect_uris": ["http://x.example/"]}), ErrorCode::InvalidRedirectUri),
        (
            json!({"redirect_uris": ["https://x.example/"], "grant_types": ["client_credentials"]}),
            ErrorCode::InvalidClientMetadata,
        ),
        (
            json!({"redirect_uris": ["https://x.example/"], "token_endpoint_auth_method": "magic"}),
            ErrorCode::InvalidClientMetadata,
        ),
        (json!({"redirect_uris": ["https://x.example/"], "client_name": 7}), ErrorCode::InvalidClientMetadata),
        (signed(json!({})), ErrorCode::InvalidClientMetadata),
        (signed(json!({"jwks": {"keys": []}})), ErrorCode::InvalidClientMetadata),
        (signed(json!({"jwks": {"keys": [{"kty": "EC", "d": "private"}]}})), ErrorCode::InvalidClientMetadata),
        (signed(json!({"jwks_uri": "http://x.example/keys"})), ErrorCode::InvalidClientMetadata),
        (signed(json!({"jwks_uri": "https://x.example/\0keys"})), ErrorCode::InvalidClientMetadata),
        (signed(json!({"jwks_uri": " https://x.example/keys"})), ErrorCode::InvalidClientMetadata),
        (
            signed(json!({"jwks_uri": "https://x.example/keys", "jwks": {"keys": [{"kty": "EC"}]}})),
            ErrorCode::InvalidClientMetadata,
        ),
        (
            json!({"redirect_uris": ["https://x.example/"], "id_token_signed_response_alg": "none"}),
            ErrorCode::InvalidClientMetadata,
        ),
    ] {
        assert_eq!(ClientMetadata::parse(&document).map_err(|error| error.code()), Err(code), "{document}");
    }
}

/// A document of a client that signs its assertions, with these fields besides.
fn signed(mut fields: Value) -> Value {
    fields["redirect_uris"] = json!(["https://x.example/"]);
    fields["token_endpoint_auth_method"] = json!("private_key_jwt");
    fields
}

#[test]
fn a_signing_client_names_its_public_keys_in_one_of_two_ways() {
    let good = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    for keys in [
        json!({"jwks": {"keys": [good]}}),
        // What is none of ours may stand beside it.
        json!({"jwks": {"keys": [{"kty": "EC", "crv": "P-384"}, good]}}),
        json!({"jwks_uri": "https://x.example/keys"}),
    ] {
        assert!(ClientMetadata::parse(&signed(keys)).is_ok_and(|metadata| metadata.keys.is_some()));
    }
}

#[test]
fn a_key_that_verifies_nothing_is_no_key_of_a_signing_client() {
    let point = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    for key in [
        json!({}),
        json!({"kty": "EC"}),
        json!({"kty": "EC", "crv": "P-384", "x": point, "y": point}),
        json!({"kty": "RSA", "n": "AQAB", "e": "AQAB"}),
        json!({"kty": "OKP", "crv": "Ed25519", "x": point, "use": "enc"}),
        json!({"kty": "OKP", "crv": "Ed25519", "x": point, "alg": "ES256"}),
    ] {
        let refused = ClientMetadata::parse(&signed(json!({"jwks": {"keys": [key]}}))).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::InvalidClientMetadata);
        for said in ["P-256", "RSA", "Ed25519"] {
            assert!(refused.to_string().contains(said), "{key}: {refused}");
        }
    }
}

#[test]
fn a_logo_that_is_no_public_https_address_is_passed_over() {
    for (sent, kept) in [
        (json!("https://x.example/logo.png"), Some("https://x.example/logo.png")),
        (json!("http://x.example/logo.png"), None),
        (json!("https://10.0.0.1/logo.png"), None),
        (json!(["https://x.example/logo.png"]), None),
        (json!(7), None),
    ] {
        let metadata =
            ClientMetadata::parse(&json!({"redirect_uris": ["https://x.example/"], "logo_uri": sent})).unwrap();
        assert_eq!(metadata.logo_uri.as_ref().map(LogoUri::as_str), kept, "{sent}");
    }
}

#[test]
fn only_the_very_same_public_registration_is_recognised() {
    let fingerprint = |document: Value| ClientMetadata::parse(&document).unwrap().fingerprint();
    let document = json!({"client_name": "Claude", "redirect_uris": ["https://claude.ai/api/mcp/auth_callback"]});
    let mut padded = document.clone();
    padded["client_name"] = json!(" Claude ");
    padded["software_version"] = json!("2");
    assert_eq!(fingerprint(document.clone()), fingerprint(padded));
    for (field, value) in [
        ("client_name", json!("Claude 2")),
        ("redirect_uris", json!(["https://claude.ai/api/mcp/auth_callback", "http://localhost/callback"])),
        ("grant_types", json!(["authorization_code"])),
        ("id_token_signed_response_alg", json!("RS256")),
        ("logo_uri", json!("https://claude.ai/logo.png")),
    ] {
        let mut other = document.clone();
        other[field] = value;
        assert_ne!(fingerprint(document.clone()), fingerprint(other), "{field}");
    }
    let listening =
        |redirect_uri: &str| fingerprint(json!({"client_name": "mcporter", "redirect_uris": [redirect_uri]}));
    let first = listening("http://127.0.0.1:40001/callback?x=1");
    assert_eq!(first, listening("http://127.0.0.1:40002/callback?x=1"));
    for other in [
        "http://localhost:40001/callback?x=1",
        "http://127.0.0.1:40001/callback?x=2",
        "https://app.example:40001/callback?x=1",
    ] {
        assert_ne!(first, listening(other), "{other}");
    }
    assert_ne!(listening("https://app.example:1/"), listening("https://app.example:2/"));
    let mut confidential = document;
    confidential["token_endpoint_auth_method"] = json!("client_secret_basic");
    assert_eq!(fingerprint(confidential), None);
}
