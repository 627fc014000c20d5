//! OpenID Connect: identity tokens and `/userinfo`.

use super::{
    support::{Answer, CALLBACK, House},
    verifier::verify,
};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{clock::Clock as _, oauth::jws::Compact};
use http::{Method, StatusCode};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn an_identity_token_says_who_signed_in_when_and_for_whom() {
    let house = House::start().await;
    let person = house.person().await;
    let signed_in_at = house.clock.now().as_seconds();
    house.clock.advance(Duration::from_secs(40));
    let client = house.client().await;
    let answer = house.connect(&person, &client, &[("nonce", "n-0S6_WzA2Mj")], "openid profile").await;
    let token = answer["id_token"].as_str().unwrap();
    let claims = verify(&house, token, &client).await.unwrap();
    let now = house.clock.now().as_seconds();
    assert_eq!(claims["iss"], "https://visage.example");
    assert_eq!(claims["aud"], client.as_str());
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(now), Some(now + 3_600)));
    assert_eq!(claims["auth_time"], signed_in_at);
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    let hash = digest(&SHA256, answer["access_token"].as_str().unwrap().as_bytes());
    assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]));
    // One audience needs no authorized party (section 2).
    assert!(!claims.contains_key("azp"));
    assert_eq!(claims["name"], "Ada Lovelace");
    let told = house.get("/.well-known/openid-configuration").await.json()["claims_supported"].clone();
    assert!(claims.keys().all(|claim| told.as_array().unwrap().iter().any(|listed| listed == claim)));
}

#[tokio::test]
async fn what_a_client_with_a_secret_or_keys_expects_is_rs256_unless_it_says_otherwise() {
    let house = House::start().await;
    for (method, asked, expected) in [
        ("client_secret_basic", Value::Null, "RS256"),
        ("client_secret_post", Value::Null, "RS256"),
        ("client_secret_basic", json!("ES256"), "ES256"),
        ("none", Value::Null, "ES256"),
    ] {
        let metadata = json!({
            "redirect_uris": [CALLBACK], "token_endpoint_auth_method": method, "id_token_signed_response_alg": asked,
        });
        let told = house.post_json("/register", &[], &metadata).await.json();
        assert_eq!(told["id_token_signed_response_alg"], expected, "{method} {asked}");
    }
}

#[tokio::test]
async fn es256_signs_unless_the_client_registered_for_rs256() {
    let house = House::start().await;
    let person = house.person().await;
    for (registered, expected) in [(Value::Null, "ES256"), (json!("ES256"), "ES256"), (json!("RS256"), "RS256")] {
        let metadata =
            json!({"client_name": "Test", "redirect_uris": [CALLBACK], "id_token_signed_response_alg": registered});
        let told = house.post_json("/register", &[], &metadata).await.json();
        assert_eq!(told["id_token_signed_response_alg"], expected);
        let client = told["client_id"].as_str().unwrap();
        let answer = house.connect(&person, client, &[], "openid").await;
        let token = answer["id_token"].as_str().unwrap();
        assert_eq!(Compact::parse(token).unwrap().header("alg"), Some(expected));
        assert!(verify(&house, token, client).await.is_ok(), "{expected}");
    }
    for algorithm in ["none", "HS256", "EdDSA", "PS256"] {
        let metadata = json!({"redirect_uris": [CALLBACK], "id_token_signed_response_alg": algorithm});
        let refused = house.post_json("/register", &[], &metadata).await;
        assert_eq!(refused.oauth_error(), "400 invalid_client_metadata", "{algorithm}");
    }
}

#[tokio::test]
async fn an_identity_token_is_for_one_client_and_one_hour() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let answer = house.connect(&person, &client, &[], "openid").await;
    let token = answer["id_token"].as_str().unwrap();
    assert_eq!(verify(&house, token, &house.client_named("Another").await).await, Err("audience"));
    let mut forged = token.to_owned();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'Q' } else { 'A' });
    assert!(matches!(verify(&house, &forged, &client).await, Err("signature" | "form")));
    house.clock.advance(Duration::from_secs(3_599));
    assert!(verify(&house, token, &client).await.is_ok());
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(verify(&house, token, &client).await, Err("expiry"));
}

#[tokio::test]
async fn it_is_issued_for_the_scope_openid_at_the_code_and_not_at_a_refresh() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    // Every connection is granted `openid`, also where the client did not ask for it, and is told so.
    let answer = house.connect(&person, &client, &[("scope", "profile claudeai")], "profile offline_access").await;
    assert_eq!(answer["scope"], "openid profile");
    assert!(answer["id_token"].is_string());
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", client.as_str()),
        ("refresh_token", answer["refresh_token"].as_str().unwrap()),
    ];
    let refreshed = house.post_form("/token", &[], &fields).await.json();
    assert!(refreshed.get("id_token").is_none(), "{refreshed}");
}

#[tokio::test]
async fn an_address_that_nobody_proved_is_never_called_verified() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let answer = house.connect(&person, &client, &[("scope", "openid email")], "openid email").await;
    let claims = verify(&house, answer["id_token"].as_str().unwrap(), &client).await.unwrap();
    assert_eq!((&claims["email"], &claims["email_verified"]), (&json!("ada@example.com"), &json!(false)));
    assert!(!claims.contains_key("name"));
}

#[tokio::test]
async fn userinfo_tells_what_the_scopes_allow_by_get_and_by_post() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    for (scopes, expected) in [
        ("openid", vec!["sub"]),
        ("openid profile", vec!["name", "sub"]),
        ("openid email", vec!["email", "email_verified", "sub"]),
        ("openid profile email", vec!["email", "email_verified", "name", "sub"]),
    ] {
        let tokens = house.connect(&person, &client, &[("scope", scopes)], scopes).await;
        let claims = verify(&house, tokens["id_token"].as_str().unwrap(), &client).await.unwrap();
        for method in [Method::GET, Method::POST] {
            let answer = user_info(&house, method, tokens["access_token"].as_str().unwrap()).await;
            assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
            assert_eq!(answer.header("content-type"), "application/json");
            let told = answer.json();
            let names: Vec<&str> = told.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(names, expected, "{scopes}");
            assert_eq!(told["sub"], claims["sub"]);
        }
    }
}

#[tokio::test]
async fn userinfo_challenges_whoever_brings_no_good_token() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let nobody = house.get("/userinfo").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert!(nobody.header("www-authenticate").starts_with("Bearer "));
    // Whoever sent nothing made no mistake (RFC 6750, section 3.1).
    assert!(!nobody.header("www-authenticate").contains("error="));

    for bad in ["vat_nonsense", "", tokens.refresh.as_str()] {
        let refused = user_info(&house, Method::GET, bad).await;
        assert_eq!(refused.oauth_error(), "401 invalid_token", "{bad}");
        assert_eq!(refused.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    }
    let in_address = house.get(&format!("/userinfo?access_token={}", tokens.access)).await;
    assert_eq!(in_address.oauth_error(), "400 invalid_request");
    let basic = house.call(Method::GET, "/userinfo", &[("authorization", "Basic YTpi")], Body::empty()).await;
    assert_eq!(basic.oauth_error(), "400 invalid_request");
    assert_eq!(
        house.call(Method::DELETE, "/userinfo", &[], Body::empty()).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn userinfo_ends_with_the_token() {
    let house = House::start().await;
    let person = house.person().await;
    let (old, revoked) = (house.tokens(&person).await, house.tokens(&person).await);
    let revoking = [("token", revoked.access.as_str()), ("client_id", revoked.client_id.as_str())];
    assert_eq!(house.post_form("/revoke", &[], &revoking).await.status, StatusCode::OK);
    assert_eq!(user_info(&house, Method::GET, &revoked.access).await.oauth_error(), "401 invalid_token");
    assert_eq!(user_info(&house, Method::GET, &old.access).await.status, StatusCode::OK);
    house.clock.advance(Duration::from_secs(86_400));
    assert_eq!(user_info(&house, Method::GET, &old.access).await.oauth_error(), "401 invalid_token");
}

#[tokio::test]
async fn browsers_read_userinfo_and_keys_from_any_origin() {
    let house = House::start().await;
    for path in ["/userinfo", "/jwks"] {
        let headers = [
            ("origin", "https://app.example"),
            ("access-control-request-method", "GET"),
            ("access-control-request-headers", "authorization"),
        ];
        let preflight = house.call(Method::OPTIONS, path, &headers, Body::empty()).await;
        assert_eq!(preflight.header("access-control-allow-origin"), "*", "{path}");
        let answer = house.call(Method::GET, path, &headers[..1], Body::empty()).await;
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert!(answer.header("access-control-expose-headers").contains("www-authenticate"), "{path}");
    }
}

async fn user_info(house: &House, method: Method, token: &str) -> Answer {
    house.call(method, "/userinfo", &[("authorization", &format!("Bearer {token}"))], Body::empty()).await
}
