//! NUL, which PostgreSQL's texts can't hold: no stranger gets a fault of ours for sending one, on either database.

use super::{
    support::{CALLBACK, House, authorize_path},
    visitor::Visitor,
};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::Method;
use serde_json::{Value, json};
use testkit::database::TestDatabase;

#[tokio::test]
async fn no_nul_is_a_fault_of_ours_on_sqlite() {
    send_nul_everywhere(House::start_on(TestDatabase::sqlite().await)).await;
}

#[tokio::test]
async fn no_nul_is_a_fault_of_ours_on_postgres() {
    send_nul_everywhere(House::start_on(TestDatabase::postgres().await)).await;
}

async fn send_nul_everywhere(house: House) {
    let mut faults = Vec::new();
    registrations(&house, &mut faults).await;
    addresses(&house, &mut faults).await;
    forms(&house, &mut faults).await;
    assert!(faults.is_empty(), "{faults:#?}");
}

async fn registrations(house: &House, faults: &mut Vec<String>) {
    let plain = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt"});
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "a\0b"}]});
    for (name, value) in [
        ("client_name", json!("a\0b")),
        ("redirect_uris", json!(["https://client.example/\0"])),
        ("jwks_uri", json!("https://client.example/\0x")),
        ("jwks", keys),
        ("scope", json!("openid\0")),
        ("client_uri", json!("https://client.example/\0")),
        ("software_id", json!("\0")),
        ("grant_types", json!(["authorization_code", "\0"])),
    ] {
        let mut document = plain.clone();
        document[name] = value;
        if !matches!(name, "jwks" | "jwks_uri") {
            document["token_endpoint_auth_method"] = Value::from("none");
        }
        note(house, faults, Method::POST, "/register", "application/json", document.to_string()).await;
    }
}

async fn addresses(house: &House, faults: &mut Vec<String>) {
    let client = house.client().await;
    for name in
        ["client_id", "redirect_uri", "state", "nonce", "login_hint", "resource", "scope", "code_challenge", "x"]
    {
        let path = authorize_path(&client, &[(name, "a\0b")]);
        note(house, faults, Method::GET, &path, "text/plain", String::new()).await;
    }
    for path in [
        "/register/%00",
        "/mcp/%00",
        "/w/%00/apps",
        "/consent/%00",
        "/sign-in?to=%00",
        "/sign-in?request=%00",
        "/v1/avatar?key=%00&username=a%00",
        "/v1/avatar?key=vpk_x&linkedin_url=%00",
        "/cdn/%00",
        "/.well-known/oauth-protected-resource/mcp/%00",
        "/server/clients/%00",
        "/%00",
    ] {
        for method in [Method::GET, Method::DELETE, Method::POST] {
            note(house, faults, method, path, "application/json", "{}".to_owned()).await;
        }
    }
}

async fn forms(house: &House, faults: &mut Vec<String>) {
    let form = "application/x-www-form-urlencoded";
    for path in ["/token", "/revoke", "/introspect"] {
        for body in [
            "client_id=a%00b&grant_type=authorization_code&code=x&token=x",
            "client_id=a&grant_type=authorization_code&code=%00&redirect_uri=%00&code_verifier=%00&token=%00",
            "client_id=a&grant_type=refresh_token&refresh_token=%00&scope=%00&token=x&token_type_hint=%00",
        ] {
            note(house, faults, Method::POST, path, form, body.to_owned()).await;
        }
        let basic = format!("Basic {}", STANDARD.encode("a%00b:c%00d"));
        let raw = format!("Basic {}", STANDARD.encode("a\0b:c\0d"));
        for authorization in [basic, raw] {
            let headers = [("content-type", form), ("authorization", authorization.as_str())];
            let body = "grant_type=authorization_code&code=x&token=x";
            let answer = house.call(Method::POST, path, &headers, Body::from(body)).await;
            if answer.status.is_server_error() {
                faults.push(format!("{path} {authorization}: {}", answer.text()));
            }
        }
    }
    let visitor = Visitor::at(house, "/sign-in").await;
    for answer in [
        visitor.sign_in(house, "a\0@example.com", "correct horse battery 1815").await,
        visitor.sign_in(house, "ada@example.com", "a\0b").await,
        visitor.sign_up(house, "A\0da", "new@example.com", "correct horse battery 1815").await,
    ] {
        if answer.status.is_server_error() {
            faults.push(answer.text());
        }
    }
}

async fn note(house: &House, faults: &mut Vec<String>, method: Method, path: &str, content_type: &str, body: String) {
    let headers = [("content-type", content_type)];
    let answer = house.call(method.clone(), path, &headers, Body::from(body.clone())).await;
    if answer.status.is_server_error() {
        faults.push(format!("{method} {path} {body:?} answered {}: {}", answer.status, answer.text()));
    }
}
