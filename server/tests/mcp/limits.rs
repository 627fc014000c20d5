//! How far a connection reaches: the scopes of its token, the role of its person, and how often it may call.

use crate::{
    client::{BOTH, Client, text},
    support::House,
};
use domain::role::Role;
use http::StatusCode;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_token_narrowed_too_far_is_told_every_scope_at_once() {
    let house = House::start().await;
    let mut client = Client::connected(&house).await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", client.tokens.client_id.as_str()),
        ("refresh_token", client.tokens.refresh.as_str()),
        ("scope", "profile"),
    ];
    let narrowed = house.post_form("/token", &[], &fields).await.json();
    assert_eq!(narrowed["scope"], "profile");
    client.tokens.access = narrowed["access_token"].as_str().unwrap().to_owned();
    for generation in BOTH {
        let answer = client.send(generation, "tools/list", json!({})).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer.header("www-authenticate"), @r#"Bearer resource_metadata="https://visage.example/.well-known/oauth-protected-resource/mcp", scope="openid profile", error="insufficient_scope", error_description="This token was narrowed too far for this server: authorize again with the scopes named here.""#);
        }
        assert_eq!(answer.json()["error"], "insufficient_scope");
    }
    // The refresh token keeps what was granted: the next refresh may have it all again.
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", client.tokens.client_id.as_str()),
        ("refresh_token", narrowed["refresh_token"].as_str().unwrap()),
    ];
    let whole = house.post_form("/token", &[], &fields).await.json();
    client.tokens.access = whole["access_token"].as_str().unwrap().to_owned();
    client.result(BOTH[0], "tools/list", json!({})).await;
}

#[tokio::test]
async fn an_app_reads_no_key_that_its_person_may_not_see() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let grace = house.person_named("Grace Hopper", "grace@example.com", "Harvard").await;
    let workspace = client.person.workspace.clone();
    usecases::workspace::set_member(&house.deps, &workspace, "grace@example.com", Role::Viewer).await.unwrap();
    let grace = crate::support::Person { workspace, ..grace };
    let tokens = house.tokens(&grace).await;
    let viewer = Client { house: &house, person: grace, tokens };
    let refused = viewer.call("get_publishable_key", json!({})).await;
    assert_eq!(refused["isError"], true);
    assert!(text(&refused).contains("As Viewer"), "{}", text(&refused));
    let face = viewer.call("get_profile", json!({"username": "grace-hopper"})).await;
    assert_ne!(face["isError"], true, "a viewer looks people up");
    assert_ne!(client.call("get_publishable_key", json!({})).await["isError"], true);
}

#[tokio::test]
async fn a_connection_that_races_is_told_when_to_come_back() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let mut refused = None;
    for _ in 0..700 {
        let answer = client.send(BOTH[1], "tools/list", json!({})).await;
        if answer.status != StatusCode::OK {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert_eq!(refused.json()["jsonrpc"], "2.0");
    house.clock.advance(Duration::from_secs(1));
    client.result(BOTH[1], "tools/list", json!({})).await;
}
