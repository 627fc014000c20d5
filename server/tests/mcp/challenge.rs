//! What a request without a good token is told: where to get one, in the exact words that clients parse.

use crate::{
    client::{BOTH, Client},
    support::{House, PUBLIC_URL},
};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn without_credentials_the_challenge_names_the_metadata_and_no_error() {
    let house = House::start().await;
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let answer = house.call(method, "/mcp", &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer.header("www-authenticate"), @r#"Bearer resource_metadata="https://visage.example/.well-known/oauth-protected-resource/mcp", scope="openid profile email""#);
            insta::assert_json_snapshot!(answer.json(), @r#"
            {
              "error": "unauthorized",
              "error_description": "Not authenticated: connect this server in your app."
            }
            "#);
        }
    }
}

#[tokio::test]
async fn each_resource_challenges_with_its_own_metadata() {
    let house = House::start().await;
    for (path, metadata) in [
        ("/mcp/", "/.well-known/oauth-protected-resource/mcp"),
        ("/mcp/analytical-engines", "/.well-known/oauth-protected-resource/mcp/analytical-engines"),
        ("/mcp/analytical-engines/", "/.well-known/oauth-protected-resource/mcp/analytical-engines"),
    ] {
        let answer = house.call(Method::POST, path, &[], Body::empty()).await;
        let expected = format!("Bearer resource_metadata=\"{PUBLIC_URL}{metadata}\",");
        assert!(answer.header("www-authenticate").starts_with(&expected), "{path}");
    }
}

#[tokio::test]
async fn a_bad_token_is_named_as_such() {
    let house = House::start().await;
    for authorization in ["Bearer nonsense", "Bearer ", "Bearer", "Basic YTpi", "vat_x"] {
        let answer = house.call(Method::POST, "/mcp", &[("authorization", authorization)], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(answer.header("www-authenticate"), @r#"Bearer resource_metadata="https://visage.example/.well-known/oauth-protected-resource/mcp", scope="openid profile email", error="invalid_token", error_description="Not authenticated: this connection has expired or was revoked. Reconnect it in your app.""#);
        }
        assert!(answer.json()["error_description"].as_str().unwrap().starts_with("Not authenticated"));
    }
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case_and_credentials_come_once() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {}", client.tokens.access);
        let answer = house.post_json("/mcp", &[("authorization", &authorization)], &ping).await;
        assert_eq!(answer.status, StatusCode::OK, "{scheme}");
    }
    let good = format!("Bearer {}", client.tokens.access);
    let twice = [("authorization", good.as_str()), ("authorization", "Bearer vat_somebody-elses")];
    let answer = house.post_json("/mcp", &twice, &ping).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers.get_all("www-authenticate").iter().count(), 1, "one challenge, in one line");
}

#[tokio::test]
async fn a_browser_that_looks_in_is_challenged_too() {
    let house = House::start().await;
    let answer = house.call(Method::GET, "/mcp", &[("accept", "text/html")], Body::empty()).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::UNAUTHORIZED, "application/json"));
}

#[tokio::test]
async fn a_token_in_the_address_is_refused() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    let path = format!("/mcp?access_token={}", client.tokens.access);
    let answer = house.post_json(&path, &[], &json!({"jsonrpc": "2.0", "id": 1, "method": "ping"})).await;
    assert_eq!((answer.status, answer.json()["error"].as_str()), (StatusCode::BAD_REQUEST, Some("invalid_request")));
    assert!(answer.header("www-authenticate").contains("error=\"invalid_request\""));
}

#[tokio::test]
async fn a_token_opens_its_own_resource_alone() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens_for(&person, "https://visage.example/mcp/analytical-engines").await;
    let client = Client { house: &house, person, tokens };
    for generation in BOTH {
        let own = client.send_to("/mcp/analytical-engines", generation, "tools/list", json!({})).await;
        assert_eq!(own.status, StatusCode::OK, "{}", own.text());
        for path in ["/mcp", "/mcp/babbage-labs"] {
            let other = client.send_to(path, generation, "tools/list", json!({})).await;
            assert_eq!(other.status, StatusCode::UNAUTHORIZED, "{path}");
            assert!(other.header("www-authenticate").contains("error=\"invalid_token\""));
        }
    }
}

#[tokio::test]
async fn whatever_ends_a_connection_ends_it_on_the_next_request() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    for generation in BOTH {
        client.result(generation, "tools/list", json!({})).await;
    }
    usecases::user::disable(&house.deps, "ada@example.com").await.unwrap();
    for generation in BOTH {
        assert_eq!(client.send(generation, "tools/list", json!({})).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_token_lasts_a_day() {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    house.clock.advance(Duration::from_secs(86_399));
    client.result(BOTH[0], "tools/list", json!({})).await;
    house.clock.advance(Duration::from_secs(1));
    assert_eq!(client.send(BOTH[0], "tools/list", json!({})).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn paths_that_name_no_endpoint_are_json() {
    let house = House::start().await;
    for path in ["/mcp/Not_A_Slug", "/mcp/a/b/c/d", "/mcp//", "/mcp/.well-known/openid-configuration"] {
        let answer = house.call(Method::POST, path, &[], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer.json();
    }
}
