//! `POST /revoke`.

use super::support::House;
use http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_revoked_refresh_token_ends_everything_at_once() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let fields = [("token", tokens.refresh.as_str()), ("client_id", tokens.client_id.as_str())];
    let answer = house.post_form("/revoke", &[], &fields).await;
    // Libraries that take every answer for JSON find some.
    assert_eq!(
        (answer.status, answer.header("content-type"), answer.json()),
        (StatusCode::OK, "application/json", json!({}))
    );
    assert_eq!(house.refresh(&tokens).await.oauth_error(), "400 invalid_grant");
    let bearer = format!("Bearer {}", tokens.access);
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    let answer = house.post_json("/mcp", &[("authorization", &bearer)], &ping).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn unknown_and_foreign_tokens_are_answered_alike_and_live_on() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let stranger = house.client_named("Stranger").await;
    for token in ["nonsense", "vat_0000", tokens.refresh.as_str(), tokens.access.as_str()] {
        let fields = [("token", token), ("client_id", stranger.as_str())];
        assert_eq!(house.post_form("/revoke", &[], &fields).await.status, StatusCode::OK);
    }
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_nameless_request_revokes_nothing() {
    let house = House::start().await;
    let client = house.client().await;
    let answer = house.post_form("/revoke", &[], &[("token", "x")]).await;
    assert_eq!(answer.oauth_error(), "401 invalid_client");
    let answer = house.post_form("/revoke", &[], &[("client_id", client.as_str())]).await;
    assert_eq!(answer.oauth_error(), "400 invalid_request");
}
