//! `POST /register`.

use super::support::{CALLBACK, House, masked, slow_body};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use server::middleware::client_address::Peer;

#[tokio::test]
async fn a_public_client_is_told_what_was_stored_and_nothing_more() {
    let house = House::start().await;
    let metadata = json!({
        "client_name": "Claude",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "token_endpoint_auth_method": "none",
        "scope": "claudeai",
        "logo_uri": null,
        "software_id": "x",
    });
    let answer = house.post_json("/register", &[], &metadata).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::CREATED, "no-store"));
    let masks = [
        ("/client_id", "[client]"),
        ("/registration_access_token", "[token]"),
        ("/registration_client_uri", "[address]"),
    ];
    insta::assert_json_snapshot!(masked(answer.json(), &masks), @r#"
    {
      "client_id": "[client]",
      "client_id_issued_at": 1795254060,
      "client_name": "Claude",
      "grant_types": [
        "authorization_code",
        "refresh_token"
      ],
      "id_token_signed_response_alg": "ES256",
      "redirect_uris": [
        "https://client.example/callback"
      ],
      "registration_access_token": "[token]",
      "registration_client_uri": "[address]",
      "response_types": [
        "code"
      ],
      "scope": "openid profile email offline_access",
      "token_endpoint_auth_method": "none"
    }
    "#);
}

#[tokio::test]
async fn a_confidential_client_gets_a_secret_that_does_not_expire() {
    let house = House::start().await;
    let metadata = json!({
        "redirect_uris": ["http://localhost:8787/callback", "cursor://anysphere.cursor-mcp/oauth/callback"],
        "grant_types": ["authorization_code"],
        "token_endpoint_auth_method": "client_secret_post",
    });
    let body = house.post_json("/register", &[], &metadata).await.json();
    assert!(body["client_secret"].as_str().unwrap().starts_with("vcs_"));
    let masks = [
        ("/client_id", "[client]"),
        ("/client_secret", "[secret]"),
        ("/registration_access_token", "[token]"),
        ("/registration_client_uri", "[address]"),
    ];
    let body = masked(body, &masks);
    insta::assert_json_snapshot!(body, @r#"
    {
      "client_id": "[client]",
      "client_id_issued_at": 1795254060,
      "client_name": "Unnamed app",
      "client_secret": "[secret]",
      "client_secret_expires_at": 0,
      "grant_types": [
        "authorization_code"
      ],
      "id_token_signed_response_alg": "RS256",
      "redirect_uris": [
        "http://localhost:8787/callback",
        "cursor://anysphere.cursor-mcp/oauth/callback"
      ],
      "registration_access_token": "[token]",
      "registration_client_uri": "[address]",
      "response_types": [
        "code"
      ],
      "scope": "openid profile email",
      "token_endpoint_auth_method": "client_secret_post"
    }
    "#);
}

#[tokio::test]
async fn faults_are_told_by_their_code() {
    let house = House::start().await;
    let large = json!({"redirect_uris": [CALLBACK], "client_name": "x".repeat(20_000)}).to_string();
    for (content_type, body, expected) in [
        (
            "application/json",
            json!({"redirect_uris": ["http://client.example/cb"]}).to_string(),
            "400 invalid_redirect_uri",
        ),
        ("application/json", json!({"redirect_uris": ["javascript:alert(1)"]}).to_string(), "400 invalid_redirect_uri"),
        ("application/json", json!({}).to_string(), "400 invalid_redirect_uri"),
        ("application/json", Value::Null.to_string(), "400 invalid_client_metadata"),
        ("application/json", "{".to_owned(), "400 invalid_client_metadata"),
        ("text/plain", json!({"redirect_uris": [CALLBACK]}).to_string(), "415 invalid_client_metadata"),
        ("application/json", large, "413 invalid_client_metadata"),
    ] {
        let answer = house.call(Method::POST, "/register", &[("content-type", content_type)], Body::from(body)).await;
        assert_eq!(answer.oauth_error(), expected);
    }
}

#[tokio::test]
async fn a_registration_that_trickles_is_called_slow_and_not_large() {
    let house = House::start().await;
    let answer = house.call(Method::POST, "/register", &[("content-type", "application/json")], slow_body()).await;
    assert_eq!(answer.oauth_error(), "408 invalid_client_metadata");
    assert!(!answer.text().contains("larger"), "{}", answer.text());
}

#[tokio::test]
async fn one_address_registers_only_so_fast() {
    let house = House::start().await;
    let metadata = json!({"redirect_uris": [CALLBACK]}).to_string();
    let register = |from: [u8; 4], forwarded: &str| {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri("/register")
            .header("content-type", "application/json")
            .header("x-forwarded-for", forwarded)
            .body(Body::from(metadata.clone()))
            .unwrap();
        request.extensions_mut().insert(Peer(from.into()));
        house.send(request)
    };
    for _ in 0..120 {
        assert_eq!(register([203, 0, 113, 7], "").await.status, StatusCode::CREATED);
    }
    // What a stranger says of itself changes nothing.
    let refused = register([203, 0, 113, 7], "198.51.100.1").await;
    assert_eq!(refused.oauth_error(), "429 temporarily_unavailable");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(register([203, 0, 113, 8], "").await.status, StatusCode::CREATED);
    assert_eq!(register([127, 0, 0, 1], "203.0.113.7").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(register([127, 0, 0, 1], "203.0.113.9").await.status, StatusCode::CREATED);
}
