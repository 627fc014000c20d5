//! What every page tells the browser to forbid: frames, foreign scripts, referrers, copies.

use super::support::{Answer, House, Person, authorize_path};
use axum::body::Body;
use http::{Method, StatusCode};
use leptos_axum::generate_route_list;

const RESOURCE: &str = "https://visage.example/mcp";

/// Every page there is, as a signed-in person and as a stranger get it, and the pages that stand in for others.
async fn pages(house: &House) -> Vec<(String, Answer)> {
    let person = house.person().await;
    let client = house.client().await;
    let grant = connection(house, &person).await;
    let mut pages = Vec::new();
    for route in generate_route_list(app::App) {
        let request = house.pending(&client, RESOURCE).await;
        let path = route.path().split('/').map(|part| fill_in(part, &request, &grant)).collect::<Vec<_>>().join("/");
        for cookie in ["", person.cookie.as_str()] {
            pages.push((path.clone(), read(house, &path, cookie).await));
        }
    }
    let answered = house.pending(&client, RESOURCE).await;
    house.decide(&person, &answered, "cancel").await;
    pages.push(("an answer sent twice".to_owned(), house.decide(&person, &answered, "cancel").await));
    for path in [
        &format!("/consent/{answered}"),
        "/consent/nothing",
        "/no-such-page",
        "/w/no-such-workspace",
        &authorize_path("client_unknown", &[]),
    ] {
        pages.push((path.to_owned(), read(house, path, &person.cookie).await));
    }
    let form = [("sec-fetch-site", "cross-site")];
    pages.push(("a form of another site".to_owned(), house.post_form("/api/sign_in", &form, &[]).await));
    pages.retain(|(_, answer)| answer.status != StatusCode::SEE_OTHER);
    pages
}

/// A connection that has a page of its own.
async fn connection(house: &House, person: &Person) -> String {
    house.tokens(person).await;
    let apps = read(house, "/w/analytical-engines/apps", &person.cookie).await.text();
    let (_, rest) = apps.split_once("/w/analytical-engines/apps/").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// A part of a route with a name in it, filled in.
fn fill_in(part: &str, request: &str, grant: &str) -> String {
    match part.trim_start_matches([':', '{']).trim_end_matches('}') {
        "request" if part != "request" => request.to_owned(),
        "grant" if part != "grant" => grant.to_owned(),
        "workspace" if part != "workspace" => "analytical-engines".to_owned(),
        name => {
            assert!(name == part, "{part} has no example here");
            name.to_owned()
        }
    }
}

async fn read(house: &House, path: &str, cookie: &str) -> Answer {
    house.call(Method::GET, path, &[("cookie", cookie)], Body::empty()).await
}

#[tokio::test]
async fn no_page_can_be_framed() {
    let house = House::start().await;
    let pages = pages(&house).await;
    assert!(pages.len() > 15, "{}", pages.len());
    for (path, page) in pages {
        assert!(page.header("content-type").starts_with("text/html"), "{path} is no page");
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
        assert!(directives(&page).contains(&"frame-ancestors 'none'".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn no_page_loads_or_runs_what_is_not_ours() {
    let house = House::start().await;
    for (path, page) in pages(&house).await {
        let policy = directives(&page);
        assert!(policy.contains(&"default-src 'none'".to_owned()), "{path} {policy:?}");
        assert!(policy.contains(&"base-uri 'none'".to_owned()), "{path} {policy:?}");
        for directive in &policy {
            assert!(!directive.contains("unsafe-inline") && !directive.contains("'unsafe-eval'"), "{path} {directive}");
            assert!(!directive.contains('*') && !directive.contains("http:"), "{path} {directive}");
        }
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert!(page.header("strict-transport-security").contains("max-age="), "{path}");
    }
}

/// Chromium applies `form-action` to every redirect behind a form: it would stop the answer on its way to the client.
#[tokio::test]
async fn no_page_limits_where_a_form_may_lead() {
    let house = House::start().await;
    for (path, page) in pages(&house).await {
        let policy = directives(&page);
        assert!(!policy.iter().any(|directive| directive.starts_with("form-action")), "{path} {policy:?}");
    }
}

#[tokio::test]
async fn no_page_is_kept() {
    let house = House::start().await;
    for (path, page) in pages(&house).await {
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn no_page_tells_another_site_where_a_person_came_from() {
    let house = House::start().await;
    for (path, page) in pages(&house).await {
        assert!(["no-referrer", "same-origin"].contains(&page.header("referrer-policy")), "{path}");
    }
}

#[tokio::test]
async fn nothing_on_the_way_through_consent_sends_a_referrer_or_is_kept() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let request = house.pending(&client, RESOURCE).await;
    let mut answers = vec![
        ("authorize", house.get(&authorize_path(&client, &[])).await),
        ("a fault of authorize", house.get(&authorize_path("client_unknown", &[])).await),
        ("a fault that the client is told", house.get(&authorize_path(&client, &[("response_type", "token")])).await),
        ("the consent page", read(&house, &format!("/consent/{request}"), &person.cookie).await),
        ("the consent page of a stranger", house.get(&format!("/consent/{request}")).await),
    ];
    answers.extend(decisions(&house, &person, &request).await);
    answers.push(("the consent page once more", read(&house, &format!("/consent/{request}"), &person.cookie).await));
    for (what, answer) in answers {
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{what}");
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
}

async fn decisions(house: &House, person: &Person, request: &str) -> Vec<(&'static str, Answer)> {
    let unreadable = house.post_form("/authorize/decision", &[("cookie", &person.cookie)], &[]).await;
    let stranger = house.post_form("/authorize/decision", &[], &[("request", request), ("decision", "cancel")]).await;
    vec![
        ("an answer that can't be read", unreadable),
        ("an answer of a stranger", stranger),
        ("switching", house.decide(person, request, "switch").await),
        ("the answer", house.decide(person, request, "authorize").await),
        ("the answer once more", house.decide(person, request, "authorize").await),
    ]
}

fn directives(page: &Answer) -> Vec<String> {
    page.header("content-security-policy").split(';').map(|directive| directive.trim().to_owned()).collect()
}
