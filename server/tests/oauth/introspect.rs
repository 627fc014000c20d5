//! `POST /introspect`: what a resource server is told of a token, and who is told nothing.

use super::support::{Answer, CALLBACK, House, Tokens, masked};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;
use usecases::client::add_resource_server;

/// `Authorization` of a resource server that the operator entered.
async fn resource_server(house: &House) -> String {
    let added = add_resource_server(&house.deps, "Files").await.unwrap();
    basic(&added.client.id.0, added.secret.unwrap().expose())
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

async fn introspect(house: &House, authorization: &str, token: &str) -> Answer {
    house.post_form("/introspect", &[("authorization", authorization)], &[("token", token)]).await
}

#[track_caller]
fn assert_says_nothing(answer: &Answer, what: &str) {
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "active": false })), "{what}");
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
}

#[tokio::test]
async fn a_live_token_is_told_with_its_person_client_audience_and_workspace() {
    let house = House::start().await;
    let person = house.person().await;
    let server = resource_server(&house).await;
    let tokens = house.tokens(&person).await;
    let answer = introspect(&house, &server, &tokens.access).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    let body = masked(answer.json(), &[("/client_id", "[client]"), ("/sub", "[person]")]);
    insta::assert_json_snapshot!(body, @r#"
    {
      "active": true,
      "aud": "https://visage.example/mcp",
      "client_id": "[client]",
      "exp": 1795340460,
      "iat": 1795254060,
      "iss": "https://visage.example",
      "scope": "openid profile offline_access",
      "sub": "[person]",
      "token_type": "Bearer",
      "workspace": "analytical-engines"
    }
    "#);
    assert_eq!(answer.json()["client_id"], tokens.client_id.as_str());
}

#[tokio::test]
async fn a_token_stands_for_a_subject_and_never_for_an_address_that_nobody_proved() {
    let house = House::start().await;
    let person = house.person().await;
    let server = resource_server(&house).await;
    let client = house.client().await;
    for scopes in ["openid email", "openid profile"] {
        let tokens = house.connect(&person, &client, &[("scope", scopes)], scopes).await;
        let answer = introspect(&house, &server, tokens["access_token"].as_str().unwrap()).await;
        assert!(answer.json()["sub"].is_string(), "{}", answer.text());
        for told in ["username", "ada@example.com", "Ada Lovelace", "null"] {
            assert!(!answer.text().contains(told), "{scopes}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn whatever_is_no_live_access_token_is_inactive_without_a_reason() {
    let house = House::start().await;
    let person = house.person().await;
    let server = resource_server(&house).await;
    let (expiring, revoked) = (house.tokens(&person).await, house.tokens(&person).await);
    let revoking = [("token", revoked.refresh.as_str()), ("client_id", revoked.client_id.as_str())];
    house.post_form("/revoke", &[], &revoking).await;
    for (what, token) in [
        ("revoked", revoked.access.as_str()),
        ("a refresh token", expiring.refresh.as_str()),
        ("nonsense", "vat_nonsense"),
        ("a token of somebody else's", "eyJhbGciOiJub25lIn0.e30."),
        ("long", &"x".repeat(10_000)),
    ] {
        assert_says_nothing(&introspect(&house, &server, token).await, what);
    }
    assert_eq!(introspect(&house, &server, &expiring.access).await.json()["active"], true);
    house.clock.advance(Duration::from_secs(86_400));
    assert_says_nothing(&introspect(&house, &server, &expiring.access).await, "expired");
}

#[tokio::test]
async fn a_blocked_client_and_a_disabled_person_make_a_token_inactive() {
    let house = House::start().await;
    let person = house.person().await;
    let server = resource_server(&house).await;
    let tokens = house.tokens(&person).await;
    let other = house.connect(&person, &house.client_named("Other").await, &[], "openid").await;
    let other = other["access_token"].as_str().unwrap();
    set_standing(&house, &tokens, domain::oauth::client::Standing::Blocked).await;
    assert_says_nothing(&introspect(&house, &server, &tokens.access).await, "blocked");
    assert_eq!(introspect(&house, &server, other).await.json()["active"], true);
    usecases::user::disable(&house.deps, "ada@example.com").await.unwrap();
    assert_says_nothing(&introspect(&house, &server, other).await, "disabled");
}

async fn set_standing(house: &House, tokens: &Tokens, standing: domain::oauth::client::Standing) {
    let id = domain::oauth::client::ClientId(tokens.client_id.clone());
    let mut client = store::client::find(&house.deps.store, &id).await.unwrap().unwrap();
    client.standing = standing;
    let transaction = house.deps.store.begin().await.unwrap();
    store::client::update(&transaction, &client).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn nobody_but_a_resource_server_is_told_anything() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let confidential = json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_basic"});
    let registered = house.post_json("/register", &[], &confidential).await.json();
    let (id, secret) = (registered["client_id"].as_str().unwrap(), registered["client_secret"].as_str().unwrap());
    // Not even the client whose token it is.
    let own = [("token", tokens.access.as_str()), ("client_id", tokens.client_id.as_str())];
    assert_eq!(house.post_form("/introspect", &[], &own).await.oauth_error(), "403 unauthorized_client");
    let stranger = introspect(&house, &basic(id, secret), &tokens.access).await;
    assert_eq!(stranger.oauth_error(), "403 unauthorized_client");
    let wrong = introspect(&house, &basic(id, "vcs_wrong"), &tokens.access).await;
    assert_eq!(wrong.oauth_error(), "401 invalid_client");
    assert!(wrong.header("www-authenticate").starts_with("Basic "));
    let nobody = house.post_form("/introspect", &[], &[("token", &tokens.access)]).await;
    assert_eq!(nobody.oauth_error(), "401 invalid_client");
    let bearer = introspect(&house, &format!("Bearer {}", tokens.access), &tokens.access).await;
    assert_eq!(bearer.oauth_error(), "401 invalid_client");
    for answer in [stranger, wrong, nobody, bearer] {
        assert!(!answer.text().contains("active"), "{}", answer.text());
    }
}

#[tokio::test]
async fn nobody_can_register_as_a_resource_server_and_none_can_be_authorized() {
    let house = House::start().await;
    let metadata = json!({
        "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "client_secret_basic",
        "may_introspect": true, "scope": "introspect", "grant_types": ["authorization_code", "client_credentials"],
    });
    let registered = house.post_json("/register", &[], &metadata).await.json();
    let (id, secret) = (registered["client_id"].as_str().unwrap(), registered["client_secret"].as_str().unwrap());
    assert_eq!(registered["grant_types"], json!(["authorization_code"]));
    let refused = introspect(&house, &basic(id, secret), "vat_x").await;
    assert_eq!(refused.oauth_error(), "403 unauthorized_client");
    let server = add_resource_server(&house.deps, "Files").await.unwrap().client;
    let answer = house.get(&super::support::authorize_path(&server.id.0, &[])).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_question_is_a_form_with_a_token_and_a_post() {
    let house = House::start().await;
    let server = resource_server(&house).await;
    let authorization = [("authorization", server.as_str())];
    assert_eq!(house.post_form("/introspect", &authorization, &[]).await.oauth_error(), "400 invalid_request");
    let json = house.post_json("/introspect", &authorization, &json!({"token": "x"})).await;
    assert_eq!(json.oauth_error(), "400 invalid_request");
    let get = house.call(Method::GET, "/introspect?token=x", &authorization, Body::empty()).await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
}
