//! The `Authorization` header where tokens are traded: what can't be read there is no client's proof, and is not passed over.

use super::support::{Answer, CALLBACK, House, Tokens, form};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderValue, Method, Request};
use serde_json::json;

async fn refresh(house: &House, tokens: &Tokens, client_id: &str, headers: &[&[u8]]) -> Answer {
    let fields =
        [("grant_type", "refresh_token"), ("client_id", client_id), ("refresh_token", tokens.refresh.as_str())];
    let mut request = Request::builder()
        .method(Method::POST)
        .uri("/token")
        .header("content-type", "application/x-www-form-urlencoded");
    for header in headers {
        request = request.header("authorization", HeaderValue::from_bytes(header).unwrap());
    }
    house.send(request.body(Body::from(form(&fields))).unwrap()).await
}

fn basic(id: &str) -> Vec<u8> {
    format!("Basic {}", STANDARD.encode(format!("{id}:"))).into_bytes()
}

#[tokio::test]
async fn unreadable_basic_is_answered_with_what_can_be_read() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    for header in [&b"Basic \xff\xfe"[..], b"Basic", b"basic ", b"BASIC\t", b"Basic !!!", b"Basic eA=="] {
        for client_id in [tokens.client_id.as_str(), ""] {
            let answer = refresh(&house, &tokens, client_id, &[header]).await;
            assert_eq!(answer.oauth_error(), "401 invalid_client", "{header:?}");
            assert!(answer.header("www-authenticate").starts_with("Basic "), "{header:?}");
        }
    }
}

#[tokio::test]
async fn two_authorization_headers_are_one_too_many_whatever_they_hold() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let (own, other) = (basic(&tokens.client_id), basic("client_other"));
    for headers in [[&own[..], &other], [b"Bearer x", &other], [b"Bearer x", b"Bearer x"], [&own, &own]] {
        let answer = refresh(&house, &tokens, &tokens.client_id, &headers).await;
        assert_eq!(answer.oauth_error(), "400 invalid_request", "{headers:?}");
    }
}

#[tokio::test]
async fn an_old_token_sent_along_with_a_refresh_is_no_proof_and_no_fault() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let bearer = format!("Bearer {}", tokens.access);
    assert_eq!(refresh(&house, &tokens, &tokens.client_id, &[bearer.as_bytes()]).await.status, 200);
}

#[tokio::test]
async fn whoever_sends_no_token_hears_that_one_is_missing_and_of_no_error() {
    let house = House::start().await;
    let registered = house.post_json("/register", &[], &json!({ "redirect_uris": [CALLBACK] })).await.json();
    let registration = format!("/register/{}", registered["client_id"].as_str().unwrap());
    for (method, path) in [
        (Method::GET, "/userinfo"),
        (Method::POST, "/userinfo"),
        (Method::GET, registration.as_str()),
        (Method::PUT, registration.as_str()),
        (Method::DELETE, registration.as_str()),
    ] {
        let json = [("content-type", "application/json")];
        let answer = house.call(method.clone(), path, &json, Body::from("{}")).await;
        assert_eq!(answer.oauth_error(), "401 invalid_token", "{method} {path}");
        let challenge = answer.header("www-authenticate");
        // RFC 6750, section 3.1.
        assert!(challenge.starts_with("Bearer ") && !challenge.contains("error"), "{method} {path}: {challenge}");
        let told = answer.json()["error_description"].as_str().unwrap().to_owned();
        assert!(told.contains("token is missing"), "{method} {path}: {told}");

        let wrong = [("authorization", "Bearer wrong"), ("content-type", "application/json")];
        let answer = house.call(method, path, &wrong, Body::from("{}")).await;
        assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{path}");
    }
}
