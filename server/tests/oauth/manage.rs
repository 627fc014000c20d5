//! `/register/{client_id}` (RFC 7592), and what becomes of a registration that comes twice.

use super::support::{Answer, CALLBACK, House, authorize_path};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

struct Registration {
    id: String,
    token: String,
    path: String,
}

impl Registration {
    async fn of(house: &House, metadata: &Value) -> Self {
        let answer = house.post_json("/register", &[], metadata).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
        let id = text("client_id");
        let path = format!("/register/{id}");
        assert_eq!(text("registration_client_uri"), format!("https://visage.example{path}"));
        Self { id, token: text("registration_access_token"), path }
    }

    async fn call(&self, house: &House, method: Method, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        house.call(method, &self.path, &headers, body).await
    }
}

fn public(name: &str) -> Value {
    json!({"client_name": name, "redirect_uris": [CALLBACK]})
}

fn confidential() -> Value {
    json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_basic"})
}

#[tokio::test]
async fn a_client_reads_replaces_and_deletes_its_registration() {
    let house = House::start().await;
    let registration = Registration::of(&house, &confidential()).await;
    let read = registration.call(&house, Method::GET, &Value::Null).await;
    assert_eq!((read.status, read.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!(read.json()["registration_access_token"], registration.token.as_str());
    assert!(read.json().get("client_secret").is_none(), "a secret is told once");

    let other = "https://client.example/other";
    let replaced = json!({"client_id": registration.id, "client_name": "Renamed", "redirect_uris": [other]});
    let updated = registration.call(&house, Method::PUT, &replaced).await;
    assert_eq!(updated.status, StatusCode::OK, "{}", updated.text());
    assert_eq!(updated.json()["token_endpoint_auth_method"], "none", "what is left out is gone");
    let old = house.get(&authorize_path(&registration.id, &[])).await;
    assert_eq!(old.status, StatusCode::BAD_REQUEST, "the old address is no longer registered");
    assert!(
        house
            .get(&authorize_path(&registration.id, &[("redirect_uri", other)]))
            .await
            .location()
            .starts_with("/consent/")
    );

    let deleted = registration.call(&house, Method::DELETE, &Value::Null).await;
    assert_eq!((deleted.status, deleted.body.len()), (StatusCode::NO_CONTENT, 0));
    assert_eq!(registration.call(&house, Method::GET, &Value::Null).await.oauth_error(), "401 invalid_token");
}

#[tokio::test]
async fn deleting_a_client_ends_its_connections_on_the_next_request() {
    let house = House::start().await;
    let person = house.person().await;
    let registration = Registration::of(&house, &public("Test client")).await;
    let code = house.code(&person, &registration.id, "https://visage.example/mcp").await;
    let access = house.redeem(&registration.id, &code).await.json()["access_token"].as_str().unwrap().to_owned();
    let bearer = format!("Bearer {access}");
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    assert_eq!(house.post_json("/mcp", &[("authorization", &bearer)], &ping).await.status, StatusCode::OK);
    registration.call(&house, Method::DELETE, &Value::Null).await;
    assert_eq!(house.post_json("/mcp", &[("authorization", &bearer)], &ping).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn only_the_registrations_own_token_opens_it() {
    let house = House::start().await;
    let one = Registration::of(&house, &public("One")).await;
    let other = Registration::of(&house, &public("Other")).await;
    for token in [other.token.as_str(), "", "vra_short", "x y"] {
        let stranger = Registration { id: one.id.clone(), token: token.to_owned(), path: one.path.clone() };
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let answer = stranger.call(&house, method, &json!({})).await;
            assert_eq!(answer.oauth_error(), "401 invalid_token");
            assert!(answer.header("www-authenticate").starts_with("Bearer"));
        }
    }
    let headers = [("authorization", format!("Bearer {}", one.token)), ("authorization", "Bearer x".to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let twice = house.call(Method::GET, &one.path, &headers, Body::empty()).await;
    assert_eq!(twice.oauth_error(), "401 invalid_token");
    assert_eq!(one.call(&house, Method::GET, &Value::Null).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_update_must_name_its_client_and_be_valid() {
    let house = House::start().await;
    let registration = Registration::of(&house, &confidential()).await;
    for (document, expected) in [
        (confidential(), "400 invalid_client_metadata"),
        (json!({"client_id": "other", "redirect_uris": [CALLBACK]}), "400 invalid_client_metadata"),
        (
            json!({"client_id": registration.id, "client_secret": "wrong", "redirect_uris": [CALLBACK]}),
            "400 invalid_client_metadata",
        ),
        (json!({"client_id": registration.id}), "400 invalid_redirect_uri"),
    ] {
        assert_eq!(registration.call(&house, Method::PUT, &document).await.oauth_error(), expected);
    }
}

#[tokio::test]
async fn an_identical_public_registration_is_the_same_client_and_nobodys_to_change() {
    let house = House::start().await;
    let first = Registration::of(&house, &public("Claude")).await;
    let second = house.post_json("/register", &[], &public("Claude")).await;
    assert_eq!(second.status, StatusCode::CREATED);
    assert_eq!(second.json()["client_id"], first.id.as_str());
    for absent in ["registration_access_token", "registration_client_uri", "client_secret"] {
        assert!(second.json().get(absent).is_none(), "{absent}");
    }
    // Else whoever registers a well-known client's metadata first could turn it into something else later.
    let changed = json!({"client_id": first.id, "redirect_uris": ["https://evil.example/callback"]});
    assert_eq!(first.call(&house, Method::PUT, &changed).await.oauth_error(), "401 invalid_token");
    assert_eq!(first.call(&house, Method::DELETE, &Value::Null).await.oauth_error(), "401 invalid_token");
}

#[tokio::test]
async fn clients_with_a_secret_are_never_shared() {
    let house = House::start().await;
    let first = Registration::of(&house, &confidential()).await;
    let second = Registration::of(&house, &confidential()).await;
    assert_ne!(first.id, second.id);
}

#[tokio::test]
async fn a_signing_client_is_told_its_keys_back() {
    let house = House::start().await;
    let metadata = json!({
        "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": "https://client.example/keys",
        "id_token_signed_response_alg": "RS256",
    });
    let body = house.post_json("/register", &[], &metadata).await.json();
    assert_eq!(body["jwks_uri"], "https://client.example/keys");
    assert_eq!((&body["id_token_signed_response_alg"], body.get("jwks")), (&json!("RS256"), None));
    assert!(body.get("client_secret").is_none());
}
