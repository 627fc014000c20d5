//! `POST /register`.

use super::support::{CALLBACK, House};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

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
    insta::assert_json_snapshot!(answer.json(), { ".client_id" => "[client]" }, @"");
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
    insta::assert_json_snapshot!(body, { ".client_id" => "[client]", ".client_secret" => "[secret]" }, @"");
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
