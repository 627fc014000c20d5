//! The diary of connecting, through the doors: each fault that they answer is told with its mismatch.

use super::support::{Answer, CALLBACK, House, VERIFIER, authorize_path};
use axum::body::Body;
use domain::connection::{Mismatch, Outcome, State, Step};
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;
use usecases::{
    access::operator,
    connection_log::{self, Sighting},
};

/// Every attempt, the latest first.
pub async fn attempts(house: &House) -> Vec<Sighting> {
    connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap()
}

/// What the latest step failed for.
#[track_caller]
pub fn assert_failed(attempts: &[Sighting], step: Step, expected: &Mismatch) {
    let failed = attempts.iter().flat_map(|attempt| &attempt.lines).max_by_key(|line| line.last_at);
    let failed = failed.map(|line| (line.step, line.outcome.clone()));
    assert_eq!(failed, Some((step, Outcome::Failed(expected.clone()))));
}

/// Time goes on before each step, so that the latest is known.
pub async fn after(house: &House, seconds: u64) {
    house.clock.advance(Duration::from_secs(seconds));
}

async fn token(house: &House, fields: &[(&str, &str)]) -> Answer {
    house.post_form("/token", &[], fields).await
}

#[tokio::test]
async fn a_whole_connection_is_one_attempt() {
    let house = House::start().await;
    let person = house.person().await;
    house.call(Method::POST, "/mcp", &[], Body::empty()).await;
    house.get("/.well-known/oauth-protected-resource/mcp").await;
    house.get("/.well-known/oauth-authorization-server").await;
    let tokens = house.tokens(&person).await;
    let bearer = format!("Bearer {}", tokens.access);
    for _ in 0..3 {
        let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
        assert_eq!(house.post_json("/mcp", &[("authorization", &bearer)], &ping).await.status, StatusCode::OK);
    }
    house.refresh(&tokens).await;
    let attempts = attempts(&house).await;
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].state, State::Connected);
    let told: Vec<_> = attempts[0].lines.iter().map(|line| (line.step, line.count)).collect();
    let expected = Step::ALL.map(|step| (step, if step == Step::Metadata { 2 } else { 1 }));
    assert_eq!(told, expected);
    assert_eq!(attempts[0].person.as_deref(), Some("Ada Lovelace"));
}

#[tokio::test]
async fn faults_of_finding_the_server_are_told() {
    let house = House::start().await;
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "initialize"});
    for (path, headers, expected) in [
        ("/", vec![], Mismatch::wrong_path("/")),
        ("/sse", vec![], Mismatch::wrong_path("/sse")),
        ("/mcp/a/b/c/d", vec![], Mismatch::wrong_path("/mcp/a/b/c/d")),
        ("/mcp", vec![("host", "evil.example")], Mismatch::wrong_host(Some("evil.example"), "visage.example")),
        ("/mcp", vec![("origin", "https://evil.example")], Mismatch::wrong_origin("https://evil.example")),
        (
            "/mcp",
            vec![("x-forwarded-proto", "http")],
            Mismatch::WrongScheme { expected: "https://visage.example".to_owned() },
        ),
    ] {
        after(&house, 1).await;
        let answer = house.post_json(path, &headers, &call).await;
        assert!(answer.status.is_client_error());
        assert!(answer.json().is_object(), "{path}");
        assert_failed(&attempts(&house).await, Step::Challenge, &expected);
    }
    after(&house, 1).await;
    let answer = house.get("/.well-known/oauth-protected-resource/sse").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_failed(&attempts(&house).await, Step::Metadata, &Mismatch::wrong_path("/sse"));
}

#[tokio::test]
async fn an_app_that_calls_a_page_is_told_where_the_connector_is() {
    let house = House::start().await;
    let posted = house.post_json("/", &[], &json!({"jsonrpc": "2.0", "id": 1, "method": "initialize"})).await;
    let asked = house.call(Method::GET, "/", &[("accept", "text/event-stream")], Body::empty()).await;
    for answer in [posted, asked] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert!(answer.text().contains("https://visage.example/mcp"), "{}", answer.text());
    }
    let page = house.call(Method::GET, "/", &[("accept", "text/html,*/*")], Body::empty()).await;
    assert_eq!(page.status, StatusCode::OK);
}

#[tokio::test]
async fn faults_of_registering_are_told() {
    let house = House::start().await;
    let answer = house.post_json("/register", &[], &json!({"redirect_uris": ["javascript:alert(1)"]})).await;
    let told = answer.json()["error_description"].as_str().unwrap().to_owned();
    assert_failed(&attempts(&house).await, Step::Registration, &Mismatch::registration(&told));
}

#[tokio::test]
async fn faults_of_asking_are_told_with_what_was_asked_and_what_is_right() {
    let house = House::start().await;
    let client = house.client().await;
    let elsewhere = "https://elsewhere.example/callback";
    for (path, expected) in [
        (authorize_path("nobody", &[]), Mismatch::UnknownClient),
        (authorize_path(&client, &[("redirect_uri", elsewhere)]), Mismatch::callback_url(Some(elsewhere), [CALLBACK])),
        (authorize_path(&client, &[("code_challenge", "")]), Mismatch::PkceMissing),
        (authorize_path(&client, &[("code_challenge_method", "plain")]), Mismatch::pkce_method(Some("plain"))),
        (authorize_path(&client, &[("code_challenge_method", "")]), Mismatch::pkce_method(None)),
        (
            authorize_path(&client, &[("resource", "https://other.example/mcp")]),
            Mismatch::wrong_resource("https://other.example/mcp", "https://visage.example/mcp"),
        ),
        (authorize_path(&client, &[("response_type", "token")]), Mismatch::request("response_type must be code")),
    ] {
        after(&house, 1).await;
        house.get(&path).await;
        assert_failed(&attempts(&house).await, Step::Authorize, &expected);
    }
}

#[tokio::test]
async fn faults_of_exchanging_a_code_are_told_at_the_connection_that_they_concern() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let other = "https://elsewhere.example/callback";
    let resource = "https://other.example/mcp";
    let verifier = "x".repeat(43);
    for (change, expected) in [
        (("redirect_uri", other), Mismatch::callback_url_changed(other, CALLBACK)),
        (("code_verifier", verifier.as_str()), Mismatch::Verifier),
        (("resource", resource), Mismatch::wrong_resource(resource, "https://visage.example/mcp")),
        (("client_id", "nobody"), Mismatch::UnprovenCaller),
        (("code", "vac_nonsense"), Mismatch::CodeUnknown),
    ] {
        after(&house, 700).await;
        let code = house.code(&person, &client, "https://visage.example/mcp").await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", client.as_str()),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        fields.retain(|(name, _)| *name != change.0);
        fields.push(change);
        after(&house, 1).await;
        assert!(token(&house, &fields).await.status.is_client_error());
        let attempts = attempts(&house).await;
        assert_failed(&attempts, Step::Token, &expected);
        if change.0 != "client_id" {
            assert!(attempts[0].lines.iter().any(|line| line.step == Step::Consent), "{expected:?}");
        }
    }
    after(&house, 700).await;
    let code = house.code(&person, &client, "https://visage.example/mcp").await;
    after(&house, 61).await;
    house.redeem(&client, &code).await;
    assert_failed(&attempts(&house).await, Step::Token, &Mismatch::CodeExpired);
    after(&house, 700).await;
    let code = house.code(&person, &client, "https://visage.example/mcp").await;
    house.redeem(&client, &code).await;
    after(&house, 1).await;
    house.redeem(&client, &code).await;
    assert_failed(&attempts(&house).await, Step::Token, &Mismatch::CodeSpent);
}

#[tokio::test]
async fn faults_of_refreshing_are_told_and_its_successes_are_not() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let before = attempts(&house).await;
    after(&house, 1).await;
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK);
    assert_eq!(attempts(&house).await, before);
    let fields = [("grant_type", "refresh_token"), ("client_id", &tokens.client_id), ("refresh_token", "vrt_nonsense")];
    after(&house, 1).await;
    token(&house, &fields).await;
    assert_failed(&attempts(&house).await, Step::Token, &Mismatch::RefreshUnknown);
}

#[tokio::test]
async fn faults_of_calling_are_told() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let bearer = format!("Bearer {}", tokens.access);
    let in_address = format!("/mcp?access_token={}", tokens.access);
    let call = async |path: &str, authorization: &str| {
        after(&house, 1).await;
        house.post_json(path, &[("authorization", authorization)], &json!({})).await;
        attempts(&house).await
    };
    assert_failed(&call(&in_address, &bearer).await, Step::FirstCall, &Mismatch::TokenInAddress);
    assert_failed(&call("/mcp", "Basic YTpi").await, Step::FirstCall, &Mismatch::TokenUnreadable);
    assert_failed(&call("/mcp", "Bearer nonsense").await, Step::FirstCall, &Mismatch::TokenUnknown);
    let (asked, expected) = ("https://visage.example/mcp/elsewhere", "https://visage.example/mcp");
    let told = call("/mcp/elsewhere", &bearer).await;
    assert_failed(&told, Step::FirstCall, &Mismatch::wrong_resource(asked, expected));
    after(&house, 86_400).await;
    assert_failed(&call("/mcp", &bearer).await, Step::FirstCall, &Mismatch::TokenExpired);
    let revoking = [("token", tokens.refresh.as_str()), ("client_id", tokens.client_id.as_str())];
    house.post_form("/revoke", &[], &revoking).await;
    assert_failed(&call("/mcp", &bearer).await, Step::FirstCall, &Mismatch::Revoked);
}

#[tokio::test]
async fn neither_secrets_nor_addresses_are_written_down() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let in_address = format!("/mcp?access_token={}", tokens.access);
    house.post_json(&in_address, &[("x-forwarded-for", "198.51.100.77")], &json!({})).await;
    let everything = format!("{:?}", attempts(&house).await);
    for secret in [tokens.access.as_str(), tokens.refresh.as_str(), "198.51.100.77"] {
        assert!(!everything.contains(secret));
    }
}
