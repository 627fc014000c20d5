//! Who fails too often where tokens are traded is told to wait; whoever is in the right beside them never is.

use super::support::{Answer, CALLBACK, House, VERIFIER, form};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::oauth::client_assertion::ASSERTION_TYPE;
use http::{Method, Request};
use server::middleware::client_address::Peer;
use std::{net::IpAddr, time::Duration};
use usecases::client::add_resource_server;

/// How many failures of one network are borne at once.
const MOST: usize = 600;

/// Posts a form from an address; `authorization` may be empty.
async fn post(house: &House, from: IpAddr, path: &str, authorization: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request =
        Request::builder().method(Method::POST).uri(path).header("content-type", "application/x-www-form-urlencoded");
    if !authorization.is_empty() {
        request = request.header("authorization", authorization);
    }
    let mut request = request.body(Body::from(form(fields))).unwrap();
    request.extensions_mut().insert(Peer(from));
    house.send(request).await
}

fn network(last: u8) -> IpAddr {
    [203, 0, 113, last].into()
}

/// As if so many requests from there had failed.
fn has_failed(house: &House, from: IpAddr, times: usize) {
    for _ in 0..times {
        house.deps.pace.failed(from);
    }
}

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

#[tokio::test]
async fn a_network_that_fails_without_end_is_told_to_wait_whatever_it_tries() {
    let house = House::start().await;
    let client = house.client().await;
    let server = add_resource_server(&house.deps, "Files").await.unwrap().client.id.0;
    let wrong = basic(&server, "vcs_wrong");
    let code =
        [("grant_type", "authorization_code"), ("client_id", &client), ("code", "vac_x"), ("code_verifier", VERIFIER)];
    let refresh = [("grant_type", "refresh_token"), ("client_id", &client), ("refresh_token", "vrt_x")];
    let nobody = [("grant_type", "refresh_token"), ("client_id", "client_x"), ("refresh_token", "vrt_x")];
    let token = [("token", "vat_x")];
    for (last, (path, authorization, fields, told)) in (1..).zip([
        ("/token", "", &code[..], "400 invalid_grant"),
        ("/token", "", &refresh, "400 invalid_grant"),
        ("/token", "", &nobody, "401 invalid_client"),
        ("/introspect", &wrong, &token, "401 invalid_client"),
        ("/revoke", &wrong, &token, "401 invalid_client"),
    ]) {
        let from = network(last);
        has_failed(&house, from, MOST - 1);
        assert_eq!(post(&house, from, path, authorization, fields).await.oauth_error(), told, "{path}");
        let refused = post(&house, from, path, authorization, fields).await;
        assert_eq!(refused.oauth_error(), "429 temporarily_unavailable", "{path}");
        assert_eq!(refused.header("retry-after"), "1");
        assert_eq!(post(&house, network(99), path, authorization, fields).await.oauth_error(), told, "{path}");
        house.clock.advance(Duration::from_millis(100));
        assert_eq!(post(&house, from, path, authorization, fields).await.oauth_error(), told, "{path}");
    }
}

#[tokio::test]
async fn giving_back_what_is_no_token_is_a_failure_though_it_is_not_told() {
    let house = House::start().await;
    let client = house.client().await;
    let from = network(1);
    let fields = [("client_id", client.as_str()), ("token", "vat_x")];
    has_failed(&house, from, MOST - 1);
    assert_eq!(post(&house, from, "/revoke", "", &fields).await.status, 200);
    assert_eq!(post(&house, from, "/revoke", "", &fields).await.oauth_error(), "429 temporarily_unavailable");
}

#[tokio::test]
async fn whoever_is_in_the_right_is_not_held_up_by_failures_of_their_neighbours() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let code = house.code(&person, &tokens.client_id, "https://visage.example/mcp").await;
    let server = add_resource_server(&house.deps, "Files").await.unwrap();
    let files = basic(&server.client.id.0, server.secret.unwrap().expose());
    let client = tokens.client_id.as_str();
    let from = network(1);
    has_failed(&house, from, 10 * MOST);
    for (path, authorization, fields) in [
        ("/introspect", files.as_str(), vec![("token", tokens.access.as_str())]),
        ("/introspect", &files, vec![("token", "vat_x")]),
        (
            "/token",
            "",
            vec![
                ("grant_type", "authorization_code"),
                ("client_id", client),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ],
        ),
        (
            "/token",
            "",
            vec![("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", &tokens.refresh)],
        ),
        ("/revoke", "", vec![("client_id", client), ("token", &tokens.access)]),
    ] {
        let answer = post(&house, from, path, authorization, &fields).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn an_assertion_is_not_verified_for_a_network_that_failed_too_often_and_shows_nothing_good() {
    let house = House::start().await;
    let from = network(1);
    has_failed(&house, from, MOST);
    for path in ["/token", "/introspect", "/revoke"] {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", "vrt_x"),
            ("token", "vat_x"),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", "a.b.c"),
        ];
        assert_eq!(post(&house, from, path, "", &fields).await.oauth_error(), "429 temporarily_unavailable", "{path}");
    }
}

#[tokio::test]
async fn whoever_shows_a_code_or_token_of_ours_is_told_what_is_wrong_however_often_their_neighbours_fail() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let code = house.code(&person, &tokens.client_id, "https://visage.example/mcp").await;
    let client = tokens.client_id.as_str();
    let wrong_verifier = "x".repeat(43);
    let redeem = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", &wrong_verifier),
    ];
    let refresh = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", &tokens.refresh)];
    let elsewhere = [&refresh[..], &[("resource", "https://other.example/mcp")]].concat();
    let give_back = [("client_id", client), ("token", tokens.refresh.as_str())];
    let ended = [("client_id", client), ("token", tokens.access.as_str())];
    let from = network(1);
    has_failed(&house, from, 10 * MOST);
    for (path, fields, told) in [
        ("/token", &redeem[..], "400 invalid_grant"),
        ("/token", &redeem, "400 invalid_grant"),
        ("/token", &elsewhere, "400 invalid_target"),
        ("/revoke", &ended, "200"),
        ("/revoke", &ended, "200"),
        ("/revoke", &give_back, "200"),
        ("/revoke", &give_back, "200"),
        ("/token", &refresh, "400 invalid_grant"),
    ] {
        let answer = post(&house, from, path, "", fields).await;
        let heard = if answer.status == 200 { "200".to_owned() } else { answer.oauth_error() };
        assert_eq!(heard, told, "{path} {fields:?}");
    }
    let guessed = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", "vrt_x")];
    assert_eq!(post(&house, from, "/token", "", &guessed).await.oauth_error(), "429 temporarily_unavailable");
}

#[tokio::test]
async fn whoever_shows_an_expired_refresh_token_is_told_to_sign_in_again_however_often_their_neighbours_fail() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    house.clock.advance(house.deps.settings.lifetimes.refresh_idle);
    let from = network(1);
    has_failed(&house, from, 10 * MOST);
    let fields =
        [("grant_type", "refresh_token"), ("client_id", &tokens.client_id), ("refresh_token", &tokens.refresh)];
    let fields = fields.map(|(name, value)| (name, value as &str));
    assert_eq!(post(&house, from, "/token", "", &fields).await.oauth_error(), "400 invalid_grant");
}
