//! Whoever has to sign in first comes back to the page that they asked for, and to no other place.

use super::{
    support::House,
    visitor::{Visitor, sets_session},
};
use http::StatusCode;

const PASSWORD: &str = "correct horse battery 1815";

/// Pages that are open to everybody, or lead on by an identifier of their own.
const OPEN: [&str; 5] = ["/", "/sign-in", "/sign-up", "/connect/doctor", "/consent/{request}"];

/// Signs in on this page, and tells where it leads.
async fn signed_in_at(house: &House, page: &str) -> String {
    let visitor = Visitor::at(house, page).await;
    let shown = house.call(http::Method::GET, page, &[("cookie", &visitor.cookie)], axum::body::Body::empty()).await;
    let onward = shown
        .text()
        .split("name=\"onward\" value=\"")
        .nth(1)
        .map_or(String::new(), |rest| rest.split('"').next().unwrap_or_default().replace("&amp;", "&"));
    let answer = visitor.sign_in_onward(house, "ada@example.com", PASSWORD, &onward).await;
    assert!(sets_session(&answer), "{page}");
    answer.location()
}

#[tokio::test]
async fn every_page_that_needs_a_sign_in_is_come_back_to() {
    let house = House::start().await;
    house.person().await;
    let routes = leptos_axum::generate_route_list(app::App);
    let pages: Vec<&str> = routes.iter().map(|route| route.path()).filter(|path| !OPEN.contains(path)).collect();
    assert!(pages.len() > 8, "{pages:?}");
    for pattern in pages {
        let path = pattern
            .replace("{workspace}", "analytical-engines")
            .replace("{grant}", "018f3b1e-0000-7000-8000-000000000000");
        assert!(!path.contains('{'), "{path}");
        for asked in [path.clone(), format!("{path}?q=BETA%20100%25&page=2")] {
            let sign_in = house.get(&asked).await.location();
            assert!(sign_in.starts_with(&format!("/sign-in?to={path}")), "{asked}: {sign_in}");
            assert_eq!(signed_in_at(&house, &sign_in).await, asked);
        }
    }
}

#[tokio::test]
async fn whoever_signs_in_to_check_a_connector_comes_back_with_its_address() {
    let house = House::start().await;
    house.person().await;
    let asked = "/connect/doctor?url=https%3A%2F%2Felsewhere.example%2Fmcp";
    let page = house.get(asked).await;
    assert_eq!(page.status, StatusCode::OK);
    let text = page.text();
    let (_, rest) = text.split_once("href=\"/sign-in").unwrap_or_else(|| panic!("no way to sign in: {text}"));
    let sign_in = format!("/sign-in{}", rest.split('"').next().unwrap());
    assert_eq!(signed_in_at(&house, &sign_in).await, asked);
}

#[tokio::test]
async fn no_address_on_the_sign_in_page_leads_to_another_site() {
    let house = House::start().await;
    house.person().await;
    for hostile in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "%2f%2fevil.example",
        "%252f%252fevil.example",
        "/%09/evil.example",
        "/w/x%0d%0aLocation:%20https://evil.example",
        "/w//evil.example",
        "/w/..%2f..%2fevil",
        "javascript:alert(1)",
        "/sign-in?to=//evil.example",
        "/api/sign_out",
        "/authorize",
    ] {
        let led = signed_in_at(&house, &format!("/sign-in?to={}", hostile.replace('\\', "%5C"))).await;
        assert_eq!(led, "/", "{hostile}");
        // Neither by the form's own field.
        let visitor = Visitor::at(&house, "/sign-in").await;
        let answer = visitor.sign_in_onward(&house, "ada@example.com", PASSWORD, hostile).await;
        assert_eq!(answer.location(), "/", "{hostile}");
    }
}
