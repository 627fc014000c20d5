//! Forms that another site, another session or nobody at all sends in a person's name: none of them changes anything.

use super::{
    signed_in::viewer,
    support::{Answer, CALLBACK, House, Person},
    visitor::{Visitor, sets_session},
};
use axum::body::Body;
use domain::{
    audit::Actor,
    oauth::client_policy::{Effect, RuleSubject},
};
use http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use std::collections::BTreeSet;
use usecases::{
    access::operator::at_command_line,
    client_policy,
    workspace::{self, NewWorkspace},
};

const RESOURCE: &str = "https://visage.example/mcp";
const PASSWORD: &str = "correct horse battery 1815";
const SLUG: &str = "analytical-engines";

/// The forms of whoever is not signed in.
const AT_THE_DOOR: [&str; 2] = ["/api/sign_in", "/api/sign_up"];

/// Every form of a signed-in person who runs the server, filled in so that it acts when it is theirs.
async fn forms(house: &House, person: &Person) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let workspace = ("workspace", SLUG.to_owned());
    replay_a_code(house, person).await;
    for _ in 0..3 {
        house.tokens(person).await;
    }
    let key = [("form_token", person.form_token.as_str()), ("workspace", SLUG), ("name", "Website")];
    house.post_form("/api/create_key", &[("cookie", &person.cookie)], &key).await.location();
    let [app, moved, last] = listed(house, person, "apps").await.try_into().unwrap();
    let [key] = listed(house, person, "keys").await.try_into().unwrap();
    let page = house.page(person, &format!("/w/{SLUG}/apps")).await.text();
    let (_, notices) = page.split_once("name=\"notices\" value=\"").unwrap();
    let notices = notices.split('"').next().unwrap().to_owned();
    let elsewhere = second_workspace(house, person).await;
    let (rule, other) = (rule(house).await, house.client_named("Other client").await);
    let request = house.pending(&house.client().await, RESOURCE).await;
    let text = |name, value: &str| (name, value.to_owned());
    vec![
        ("/api/create_workspace", vec![text("name", "Difference Engines")]),
        ("/api/create_key", vec![workspace.clone(), text("name", "CRM"), text("kind", "secret")]),
        ("/api/revoke_key", vec![workspace.clone(), ("id", key)]),
        ("/api/revoke_app", vec![workspace.clone(), ("id", app)]),
        ("/api/move_app", vec![workspace.clone(), ("id", moved), ("to", elsewhere)]),
        ("/api/revoke_connections", vec![workspace.clone(), ("of", last), text("which", "all")]),
        ("/api/put_notice_away", vec![workspace, text("page", "/w/analytical-engines/apps"), ("notices", notices)]),
        (
            "/authorize/decision",
            vec![
                ("request", request),
                ("workspace", person.workspace.id.to_string()),
                ("decision", "authorize".to_owned()),
            ],
        ),
        ("/api/add_client", vec![text("name", "CRM"), text("redirect_uris", "https://crm.example/callback")]),
        ("/api/decide_client", vec![("id", other), text("decision", "block")]),
        ("/api/add_rule", vec![text("kind", "host"), text("text", "evil.example"), text("effect", "block")]),
        ("/api/remove_rule", vec![("id", rule)]),
        ("/api/set_default_rule", vec![text("effect", "ask")]),
        // The last, since it ends the session.
        ("/api/sign_out", Vec::new()),
    ]
}

/// The identifiers of the things on a page that can be revoked.
async fn listed(house: &House, person: &Person, page: &str) -> Vec<String> {
    let path = format!("/w/{SLUG}/{page}");
    let html = house.call(Method::GET, &path, &[("cookie", &person.cookie)], Body::empty()).await.text();
    let after = html.split("name=\"id\" value=\"").skip(1);
    let mut ids: Vec<String> = after.map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    ids.dedup();
    ids
}

/// Somebody used a copy: the person is told of it.
async fn replay_a_code(house: &House, person: &Person) {
    let client = house.client().await;
    let code = house.code(person, &client, RESOURCE).await;
    assert_eq!(house.redeem(&client, &code).await.status, StatusCode::OK);
    assert_eq!(house.redeem(&client, &code).await.oauth_error(), "400 invalid_grant");
}

async fn second_workspace(house: &House, person: &Person) -> String {
    let viewer = viewer(house, person).await.unwrap();
    let new = NewWorkspace { name: "Second".to_owned(), slug: None };
    workspace::create(&house.deps, viewer.user.id, new, Actor::User(viewer.user.id)).await.unwrap().id.to_string()
}

async fn rule(house: &House) -> String {
    let about = RuleSubject::parse("name", "Nobody").unwrap();
    client_policy::add_rule(&house.deps, &at_command_line(), about, Effect::Ask).await.unwrap().rule.id.to_string()
}

/// Everything that these forms could change: the entries of the audit log that tell of it, and what is shown to the person.
async fn state(house: &House, person: &Person) -> ([usize; 4], StatusCode) {
    let audited = store::audit::list(&house.deps.store, person.workspace.id, 1_000).await.unwrap().len();
    let of_server = store::audit::list_of_server(&house.deps.store, 1_000).await.unwrap().len();
    let account = house.call(Method::GET, "/account", &[("cookie", &person.cookie)], Body::empty()).await;
    let notices = match viewer(house, person).await {
        Some(viewer) => {
            let member = workspace::open(&house.deps, viewer.user.id, SLUG).await.unwrap();
            usecases::notice::list_urgent(&house.deps, &viewer, &member).await.unwrap().len()
        }
        None => 0,
    };
    ([audited, of_server, account.text().matches("list-row").count(), notices], account.status)
}

#[tokio::test]
async fn no_form_acts_without_the_token_of_its_session_and_every_one_does_with_it() {
    let house = House::start().await;
    let person = house.person().await;
    let stranger = house.person_named("Mallory", "mallory@example.com", "Mallory's").await;
    let visit = Visitor::at(&house, "/sign-in").await.form_token;
    for (path, fields) in forms(&house, &person).await {
        let before = state(&house, &person).await;
        for token in ["", "0", &stranger.form_token, &visit] {
            let answer = send(&house, &person, path, &fields, token, &[]).await;
            assert!(!answer.status.is_success(), "{path} {}", answer.status);
            assert!(!answer.header("location").contains(CALLBACK), "{path} {}", answer.header("location"));
            assert_eq!(state(&house, &person).await, before, "{path} acted with the token {token:?}");
        }
        send(&house, &person, path, &fields, &person.form_token, &[]).await;
        assert_ne!(state(&house, &person).await, before, "{path} does nothing even when it may");
    }
}

#[tokio::test]
async fn no_form_of_another_site_acts_even_with_the_right_token() {
    let house = House::start().await;
    let person = house.person().await;
    for (path, fields) in forms(&house, &person).await {
        let before = state(&house, &person).await;
        for sent in [
            [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
            [("sec-fetch-site", "same-site"), ("origin", "https://other.visage.example")],
            [("sec-fetch-mode", "navigate"), ("origin", "https://evil.example")],
            [("sec-fetch-mode", "navigate"), ("origin", "http://visage.example")],
        ] {
            let answer = send(&house, &person, path, &fields, &person.form_token, &sent).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {sent:?}");
            assert_eq!(state(&house, &person).await, before, "{path} acted for {sent:?}");
        }
    }
}

/// Another site that signs a visitor in to an account of its own would read along from then on.
#[tokio::test]
async fn nobody_is_signed_in_or_up_by_a_form_that_did_not_come_from_their_own_browser() {
    let house = House::start().await;
    house.person().await;
    let victim = Visitor::at(&house, "/sign-in").await;
    let attacker = Visitor::at(&house, "/sign-in").await;
    for form_token in ["", "0", &attacker.form_token] {
        let forged = Visitor { form_token: form_token.to_owned(), ..victim.clone() };
        assert_not_signed_in(&forged.sign_in(&house, "ada@example.com", PASSWORD).await);
        assert_not_signed_in(&forged.sign_up(&house, "Ada", "new@example.com", PASSWORD).await);
    }
    // The cookie and the token of one visit, and yet another site's form.
    let headers = [("cookie", victim.cookie.as_str()), ("sec-fetch-site", "cross-site")];
    let fields = [("email", "ada@example.com"), ("password", PASSWORD), ("form_token", victim.form_token.as_str())];
    let answer = house.post_form("/api/sign_in", &headers, &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);

    assert!(sets_session(&victim.sign_in(&house, "ada@example.com", PASSWORD).await));
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookie_is_told_so() {
    let house = House::start().await;
    let mut visitor = Visitor::at(&house, "/sign-in").await;
    visitor.cookie = String::new();
    let answer = visitor.sign_in(&house, "ada@example.com", PASSWORD).await;
    assert_not_signed_in(&answer);
    let page = house.get(&answer.location()).await;
    assert!(page.text().contains("Allow cookies"), "{}", page.text());
}

#[tokio::test]
async fn every_form_of_the_pages_is_tried_here() {
    let house = House::start().await;
    let person = house.person().await;
    let tried: BTreeSet<&str> =
        forms(&house, &person).await.into_iter().map(|(path, _)| path).chain(AT_THE_DOOR).collect();
    for (path, method) in server_fn_paths() {
        assert_eq!(method, Method::POST, "{path} must not act on a method that a link can send");
        assert!(tried.contains(path), "{path} has no row in `forms`");
    }
}

async fn send(
    house: &House,
    person: &Person,
    path: &str,
    fields: &[(&str, String)],
    form_token: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.push(("form_token", form_token));
    let mut sent = vec![("cookie", person.cookie.as_str())];
    sent.extend_from_slice(headers);
    house.post_form(path, &sent, &all).await
}

#[track_caller]
fn assert_not_signed_in(answer: &Answer) {
    assert!(!sets_session(answer), "{:?}", answer.headers);
}

/// What reads the forms of pages would answer these with a fault of its own.
#[tokio::test]
async fn what_is_no_form_is_refused_by_a_page_at_every_form() {
    let house = House::start().await;
    let bodies: [&[u8]; 6] = [
        b"email=\xff\xfe&form_token=1",
        b"email=%ff&form_token=1",
        b"form_token=1&form_token=2",
        b"form_token[a]=1",
        b"id%5B%5D=1",
        b"id=a%00b&form_token=1",
    ];
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    for path in server_fn_paths().map(|(path, _)| path) {
        for body in bodies {
            let answer = house.call(Method::POST, path, &headers, Body::from(body)).await;
            let told = (answer.status, answer.header("content-type"));
            assert_eq!(told, (StatusCode::BAD_REQUEST, "text/html; charset=utf-8"), "{path}: {}", answer.text());
        }
    }
}
