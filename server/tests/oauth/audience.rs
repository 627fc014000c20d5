//! `resource` (RFC 8707): the spellings that clients send are one audience, everything else is refused, and a workspace's own
//! endpoint is locked to it.

use super::support::{Answer, CALLBACK, House, VERIFIER, authorize_path};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{audit::Actor, workspace::Workspace};
use http::{Method, StatusCode};
use serde_json::json;
use usecases::{
    client::add_resource_server,
    workspace::{self, NewWorkspace},
};

const MCP: &str = "https://visage.example/mcp";
const WORKSPACE: &str = "https://visage.example/mcp/analytical-engines";

const SPELLINGS: [&str; 8] = [
    "https://visage.example/mcp",
    "https://visage.example/mcp/",
    "https://visage.example",
    "https://visage.example/",
    "https://VISAGE.example/mcp",
    "HTTPS://VISAGE.EXAMPLE/mcp/",
    "https://Visage.Example",
    "HTTPS://visage.example/",
];

const FOREIGN: [&str; 14] = [
    "https://evil.example/mcp",
    "https://visage.example.evil.example/mcp",
    "https://visage.example@evil.example/mcp",
    "http://visage.example/mcp",
    "https://visage.example:8443/mcp",
    "https://visage.example/mcp//",
    "https://visage.example/MCP",
    "https://visage.example/mcp?x=1",
    "https://visage.example/mcp#x",
    "https://visage.example/mcp/../mcp",
    "https://visage.example/mcp/Not_A_Slug",
    "https://visage.example/v1",
    "/mcp",
    "mcp",
];

async fn ask(house: &House, client: &str, resource: &str) -> Answer {
    house.get(&authorize_path(client, &[("resource", resource)])).await
}

async fn redeem(house: &House, client: &str, code: &str, resource: &str) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("resource", resource),
    ];
    house.post_form("/token", &[], &fields).await
}

async fn refresh(house: &House, client: &str, token: &str, resource: &str) -> Answer {
    let fields =
        [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token), ("resource", resource)];
    house.post_form("/token", &[], &fields).await
}

async fn call(house: &House, path: &str, token: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
    ];
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"}).to_string();
    house.call(Method::POST, path, &headers, Body::from(ping)).await
}

#[tokio::test]
async fn every_spelling_at_authorize_and_every_other_at_the_token_endpoint_is_one_audience() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let server = add_resource_server(&house.deps, "Files").await.unwrap();
    let secret = server.secret.unwrap();
    let asking = format!("Basic {}", STANDARD.encode(format!("{}:{}", server.client.id, secret.expose())));
    for (number, asked) in SPELLINGS.into_iter().enumerate() {
        for redeemed in SPELLINGS.into_iter().skip(number % 2).step_by(2).chain([""]) {
            let code = house.code(&person, &client, asked).await;
            let answer = redeem(&house, &client, &code, redeemed).await;
            assert_eq!(answer.status, StatusCode::OK, "{asked} {redeemed}: {}", answer.text());
            let tokens = answer.json();
            let access = tokens["access_token"].as_str().unwrap();
            assert_eq!(call(&house, "/mcp", access).await.status, StatusCode::OK, "{asked} {redeemed}");
            let told = house.post_form("/introspect", &[("authorization", &asking)], &[("token", access)]).await;
            assert_eq!(told.json()["aud"], MCP, "{asked} {redeemed}");
            let answer = refresh(&house, &client, tokens["refresh_token"].as_str().unwrap(), redeemed).await;
            assert_eq!(answer.status, StatusCode::OK, "{asked} {redeemed}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn no_resource_at_all_means_the_one_that_everybody_knows() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let code = house.code(&person, &client, "").await;
    let answer = redeem(&house, &client, &code, "https://visage.example/").await.json();
    assert_eq!(call(&house, "/mcp", answer["access_token"].as_str().unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_ours_is_an_invalid_target_everywhere() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let tokens = house.tokens(&person).await;
    for foreign in FOREIGN {
        let refused = ask(&house, &client, foreign).await;
        assert_eq!(refused.offered_parameter("error").as_deref(), Some("invalid_target"), "{foreign}");
        let code = house.code(&person, &client, MCP).await;
        assert_eq!(redeem(&house, &client, &code, foreign).await.oauth_error(), "400 invalid_target", "{foreign}");
        let refused = refresh(&house, &tokens.client_id, &tokens.refresh, foreign).await;
        assert_eq!(refused.oauth_error(), "400 invalid_target", "{foreign}");
    }
    // Nothing of it spent the refresh token.
    assert_eq!(house.refresh(&tokens).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_for_one_endpoint_opens_no_other() {
    let house = House::start().await;
    let person = house.person().await;
    let server = house.tokens_for(&person, MCP).await;
    let workspace = house.tokens_for(&person, WORKSPACE).await;
    for (token, path, expected) in [
        (&server.access, "/mcp", StatusCode::OK),
        (&server.access, "/mcp/", StatusCode::OK),
        (&server.access, "/mcp/analytical-engines", StatusCode::UNAUTHORIZED),
        (&workspace.access, "/mcp/analytical-engines", StatusCode::OK),
        (&workspace.access, "/mcp/analytical-engines/", StatusCode::OK),
        (&workspace.access, "/mcp", StatusCode::UNAUTHORIZED),
        (&workspace.access, "/mcp/babbage-labs", StatusCode::UNAUTHORIZED),
    ] {
        let answer = call(&house, path, token).await;
        assert_eq!(answer.status, expected, "{path}: {}", answer.text());
    }
    let challenge = call(&house, "/mcp/analytical-engines", &server.access).await;
    let told = challenge.header("www-authenticate");
    assert!(told.contains("/.well-known/oauth-protected-resource/mcp/analytical-engines\""), "{told}");
    assert!(told.contains("error=\"invalid_token\""), "{told}");
}

#[tokio::test]
async fn what_was_asked_for_one_endpoint_is_redeemed_and_refreshed_for_no_other() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    for (asked, other) in [(MCP, WORKSPACE), (WORKSPACE, MCP), (WORKSPACE, "https://visage.example/mcp/babbage-labs")] {
        let code = house.code(&person, &client, asked).await;
        assert_eq!(redeem(&house, &client, &code, other).await.oauth_error(), "400 invalid_target", "{asked}");
        let tokens = house.tokens_for(&person, asked).await;
        let refused = refresh(&house, &tokens.client_id, &tokens.refresh, other).await;
        assert_eq!(refused.oauth_error(), "400 invalid_target", "{asked}");
    }
}

#[tokio::test]
async fn a_workspaces_own_endpoint_selects_and_locks_the_workspace() {
    let house = House::start().await;
    let mut person = house.person().await;
    let labs = second_workspace(&house).await;
    let client = house.client().await;
    for (resource, is_locked) in
        [(MCP, false), (WORKSPACE, true), ("https://visage.example/mcp/analytical-engines/", true)]
    {
        let request = house.pending(&client, resource).await;
        let html = house.page(&person, &format!("/consent/{request}")).await.text();
        assert!(html.contains("Analytical Engines"), "{resource}");
        assert_eq!(!html.contains("Babbage Labs"), is_locked, "{resource}");
    }
    // Nor does a forged form grant another one.
    person.workspace = labs;
    let request = house.pending(&client, WORKSPACE).await;
    let refused = house.decide(&person, &request, "authorize").await;
    assert!(refused.location().starts_with(&format!("/consent/{request}?again=workspace")), "{}", refused.location());
}

#[tokio::test]
async fn a_workspace_that_is_not_ones_own_looks_like_one_that_is_not_there() {
    let house = House::start().await;
    let person = house.person().await;
    house.person_named("Charles Babbage", "charles@example.com", "Babbage Labs").await;
    let client = house.client().await;
    let mut pages = Vec::new();
    for slug in ["babbage-labs", "nobody-made-this"] {
        let request = house.pending(&client, &format!("{MCP}/{slug}")).await;
        let page = house.page(&person, &format!("/consent/{request}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("no member of") && !page.text().contains("Babbage Labs"), "{}", page.text());
        let shown = page.text().split_once("</html>").unwrap().0.replace(&request, "");
        pages.push(shown);
    }
    assert_eq!(pages[0], pages[1]);
}

/// Of the one person there is.
async fn second_workspace(house: &House) -> Workspace {
    let user = store::user::list(&house.deps.store).await.unwrap()[0].id;
    let new = NewWorkspace { name: "Babbage Labs".to_owned(), slug: None };
    workspace::create(&house.deps, user, new, Actor::User(user)).await.unwrap()
}
