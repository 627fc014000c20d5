//! `/.well-known/…`: what clients discover.

use super::support::House;
use axum::body::Body;
use http::{Method, StatusCode};

#[tokio::test]
async fn the_authorization_server_says_what_it_can_do() {
    let house = House::start().await;
    let answer = house.get("/.well-known/oauth-authorization-server").await;
    insta::assert_json_snapshot!(answer.json(), @r#"
    {
      "authorization_endpoint": "https://visage.example/authorize",
      "authorization_response_iss_parameter_supported": true,
      "claim_types_supported": [
        "normal"
      ],
      "claims_parameter_supported": false,
      "claims_supported": [
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "at_hash",
        "name",
        "email",
        "email_verified"
      ],
      "client_id_metadata_document_supported": true,
      "code_challenge_methods_supported": [
        "S256"
      ],
      "grant_types_supported": [
        "authorization_code",
        "refresh_token"
      ],
      "id_token_signing_alg_values_supported": [
        "ES256",
        "RS256"
      ],
      "introspection_endpoint": "https://visage.example/introspect",
      "introspection_endpoint_auth_methods_supported": [
        "client_secret_basic",
        "client_secret_post"
      ],
      "introspection_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "RS256",
        "EdDSA"
      ],
      "issuer": "https://visage.example",
      "jwks_uri": "https://visage.example/jwks",
      "prompt_values_supported": [
        "none",
        "login",
        "consent",
        "select_account"
      ],
      "registration_endpoint": "https://visage.example/register",
      "request_parameter_supported": false,
      "request_uri_parameter_supported": false,
      "response_modes_supported": [
        "query"
      ],
      "response_types_supported": [
        "code"
      ],
      "revocation_endpoint": "https://visage.example/revoke",
      "revocation_endpoint_auth_methods_supported": [
        "none",
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt"
      ],
      "revocation_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "RS256",
        "EdDSA"
      ],
      "scopes_supported": [
        "openid",
        "profile",
        "email",
        "offline_access"
      ],
      "subject_types_supported": [
        "public"
      ],
      "token_endpoint": "https://visage.example/token",
      "token_endpoint_auth_methods_supported": [
        "none",
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt"
      ],
      "token_endpoint_auth_signing_alg_values_supported": [
        "ES256",
        "RS256",
        "EdDSA"
      ],
      "userinfo_endpoint": "https://visage.example/userinfo"
    }
    "#);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
}

#[tokio::test]
async fn no_field_is_null_or_empty_and_every_address_is_answered_here() {
    let house = House::start().await;
    let document = house.get("/.well-known/openid-configuration").await.json();
    for (name, value) in document.as_object().unwrap() {
        assert!(!value.is_null() && *value != "" && *value != serde_json::json!([]), "{name}: {value}");
        if !name.ends_with("_endpoint") && name != "jwks_uri" {
            continue;
        }
        let path = value.as_str().unwrap().strip_prefix("https://visage.example").unwrap();
        for method in [Method::GET, Method::POST] {
            let answer = house.call(method, path, &[], Body::empty()).await;
            assert_ne!(answer.status, StatusCode::NOT_FOUND, "{name}");
            assert!(!answer.status.is_server_error(), "{name}");
        }
    }
}

#[tokio::test]
async fn what_openid_connect_requires_of_a_provider_is_there() {
    let house = House::start().await;
    let document = house.get("/.well-known/openid-configuration").await.json();
    for required in [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "response_types_supported",
        "subject_types_supported",
        "id_token_signing_alg_values_supported",
    ] {
        assert!(document.get(required).is_some(), "{required}");
    }
    let holds = |name: &str, value: &str| document[name].as_array().unwrap().iter().any(|listed| listed == value);
    assert!(holds("id_token_signing_alg_values_supported", "RS256"));
    assert!(holds("scopes_supported", "openid"));
    for endpoint in ["token", "revocation", "introspection"] {
        let algorithms = format!("{endpoint}_endpoint_auth_signing_alg_values_supported");
        // Also where nobody signs: a library that signs elsewhere looks for it here.
        assert!(holds(&algorithms, "ES256") && holds(&algorithms, "RS256"), "{endpoint}");
        assert!(!(holds(&algorithms, "none") || holds(&algorithms, "HS256")), "{endpoint}");
    }
}

#[tokio::test]
async fn looking_below_the_endpoint_finds_json_and_never_a_page() {
    let house = House::start().await;
    for path in [
        "/mcp/.well-known/openid-configuration",
        "/mcp/.well-known/oauth-authorization-server",
        "/mcp/.well-known/oauth-protected-resource",
        "/mcp/analytical-engines/.well-known/openid-configuration",
        "/.well-known/openid-configuration/other",
        "/.well-known/oauth-authorization-server/mcp/a/b",
    ] {
        let answer = house.call(Method::GET, path, &[("accept", "text/html,*/*")], Body::empty()).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert!(answer.json().is_object(), "{path}");
    }
}

#[tokio::test]
async fn every_alias_is_the_same_document() {
    let house = House::start().await;
    let document = house.get("/.well-known/oauth-authorization-server").await.json();
    for path in [
        "/.well-known/oauth-authorization-server/mcp",
        "/.well-known/oauth-authorization-server/mcp/analytical-engines",
        "/.well-known/openid-configuration",
        "/.well-known/openid-configuration/mcp",
    ] {
        assert_eq!(house.get(path).await.json(), document, "{path}");
    }
}

#[tokio::test]
async fn each_resource_names_itself_and_its_guard() {
    let house = House::start().await;
    let root = house.get("/.well-known/oauth-protected-resource").await.json();
    insta::assert_json_snapshot!(root, @r#"
    {
      "authorization_servers": [
        "https://visage.example"
      ],
      "bearer_methods_supported": [
        "header"
      ],
      "resource": "https://visage.example/mcp",
      "resource_name": "Visage",
      "scopes_supported": [
        "openid",
        "profile",
        "email"
      ]
    }
    "#);
    assert_eq!(house.get("/.well-known/oauth-protected-resource/mcp").await.json(), root);
    let workspace = house.get("/.well-known/oauth-protected-resource/mcp/nobody-made-this").await.json();
    assert_eq!(workspace["resource"], "https://visage.example/mcp/nobody-made-this");
}

#[tokio::test]
async fn nothing_depends_on_the_host_header() {
    let house = House::start().await;
    let path = "/.well-known/oauth-authorization-server";
    let document = house.get(path).await.json();
    let headers = [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")];
    let answer = house.call(Method::GET, path, &headers, Body::empty()).await;
    assert_eq!(answer.json(), document);
}

#[tokio::test]
async fn unknown_documents_are_json_and_never_a_page() {
    let house = House::start().await;
    for path in [
        "/.well-known",
        "/.well-known/",
        "/.well-known/nothing",
        "/.well-known/nothing/at/all",
        "/.well-known/oauth-protected-resource/v1",
        "/.well-known/oauth-protected-resource/mcp/Not_A_Slug",
        "/.well-known/oauth-authorization-server/other",
    ] {
        let answer = house.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json()["error"], "not_found", "{path}");
    }
}

#[tokio::test]
async fn browsers_may_read_from_any_origin() {
    let house = House::start().await;
    let origin = [("origin", "https://app.example")];
    let document = house.call(Method::GET, "/.well-known/oauth-protected-resource/mcp", &origin, Body::empty()).await;
    assert_eq!(document.header("access-control-allow-origin"), "*");
    for path in ["/token", "/register", "/revoke", "/.well-known/oauth-authorization-server"] {
        let headers = [
            ("origin", "https://app.example"),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type,mcp-protocol-version,traceparent,x-team"),
        ];
        let preflight = house.call(Method::OPTIONS, path, &headers, Body::empty()).await;
        assert!(preflight.status.is_success(), "{path}");
        let allowed = preflight.header("access-control-allow-headers");
        assert!(["mcp-protocol-version", "traceparent", "x-team"].iter().all(|name| allowed.contains(name)), "{path}");
        assert_eq!(preflight.header("access-control-max-age"), "600", "{path}");
        assert!(preflight.header("access-control-allow-methods").contains("POST"), "{path}");
    }
    let preflight = house.call(Method::OPTIONS, "/authorize", &origin, Body::empty()).await;
    assert_eq!(preflight.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_wrong_method_is_told_in_json() {
    let house = House::start().await;
    for (method, path, allowed) in [
        (Method::POST, "/.well-known/oauth-authorization-server", "GET,HEAD"),
        (Method::GET, "/token", "POST"),
        (Method::GET, "/register", "POST"),
        (Method::DELETE, "/revoke", "POST"),
    ] {
        let answer = house.call(method, path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.header("allow"), allowed, "{path}");
        assert_eq!(answer.json()["error"], "invalid_request", "{path}");
    }
}
