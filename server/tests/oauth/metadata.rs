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
      "code_challenge_methods_supported": [
        "S256"
      ],
      "grant_types_supported": [
        "authorization_code",
        "refresh_token"
      ],
      "issuer": "https://visage.example",
      "registration_endpoint": "https://visage.example/register",
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
        "client_secret_post"
      ],
      "scopes_supported": [
        "openid",
        "profile",
        "email",
        "offline_access"
      ],
      "token_endpoint": "https://visage.example/token",
      "token_endpoint_auth_methods_supported": [
        "none",
        "client_secret_basic",
        "client_secret_post"
      ]
    }
    "#);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
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
            ("access-control-request-headers", "content-type,mcp-protocol-version"),
        ];
        let preflight = house.call(Method::OPTIONS, path, &headers, Body::empty()).await;
        assert!(preflight.status.is_success(), "{path}");
        assert!(preflight.header("access-control-allow-headers").contains("mcp-protocol-version"), "{path}");
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
        (Method::GET, "/authorize/decision", "POST"),
    ] {
        let answer = house.call(method, path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.header("allow"), allowed, "{path}");
        assert_eq!(answer.json()["error"], "invalid_request", "{path}");
    }
}
