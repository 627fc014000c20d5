//! What the browser keeps of us: cookies that no script reads and no other site sends, and a session that no one can plant.

use super::{
    support::{Answer, House},
    visitor::Visitor,
};
use http::{StatusCode, header};

const PASSWORD: &str = "correct horse battery 1815";

#[tokio::test]
async fn the_session_cookie_is_for_this_host_over_https_and_out_of_a_scripts_reach() {
    let house = House::start().await;
    let visitor = Visitor::at(&house, "/sign-up").await;
    let answer = visitor.sign_up(&house, "Ada Lovelace", "ada@example.com", PASSWORD).await;
    let cookie = set_cookie(&answer, "__Host-visage_session");
    assert!(cookie.starts_with("__Host-visage_session=vss_"), "{cookie}");
    assert_guarded(&cookie);
    assert!(cookie.contains("; Path=/;") || cookie.ends_with("; Path=/"), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
}

#[tokio::test]
async fn every_other_cookie_is_guarded_as_the_session_is() {
    let house = House::start().await;
    let first = house.get("/sign-in").await;
    assert_guarded(&set_cookie(&first, "__Host-visage_visit"));

    let visitor = Visitor::at(&house, "/sign-in").await;
    let refused = visitor.sign_in(&house, "nobody@example.com", PASSWORD).await;
    assert_guarded(&set_cookie(&refused, "__Host-visage_refusal"));

    let person = house.person().await;
    let fields = [("form_token", person.form_token.as_str()), ("workspace", "analytical-engines"), ("name", "CRM")];
    let made = house.post_form("/api/create_key", &[("cookie", &person.cookie)], &fields).await;
    // Bound to the one page that shows it, which a `__Host-` cookie can't be.
    assert_guarded(&set_cookie(&made, "__Secure-visage_new_key"));

    let signed_out = house
        .post_form("/api/sign_out", &[("cookie", &person.cookie)], &[("form_token", person.form_token.as_str())])
        .await;
    let gone = set_cookie(&signed_out, "__Host-visage_session");
    assert!(gone.starts_with("__Host-visage_session=;") && gone.contains("Max-Age=0"), "{gone}");
    assert_guarded(&gone);
}

#[tokio::test]
async fn whatever_sets_a_cookie_is_stored_nowhere() {
    let house = House::start().await;
    let visitor = Visitor::at(&house, "/sign-up").await;
    for answer in [
        house.get("/sign-in").await,
        visitor.sign_in(&house, "nobody@example.com", PASSWORD).await,
        visitor.sign_up(&house, "Ada Lovelace", "ada@example.com", PASSWORD).await,
    ] {
        assert!(answer.headers.contains_key(header::SET_COOKIE));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn signing_in_rotates_the_session_and_ends_the_one_before() {
    let house = House::start().await;
    let person = house.person().await;
    let visitor = Visitor::at(&house, "/sign-in").await.and_cookie(&person.cookie);
    let answer = visitor.sign_in(&house, "ada@example.com", PASSWORD).await;
    let fresh = pair(&set_cookie(&answer, "__Host-visage_session"));
    assert_ne!(fresh, person.cookie);
    assert_eq!(account(&house, &fresh).await.status, StatusCode::OK);
    assert_eq!(account(&house, &person.cookie).await.location(), "/sign-in?to=/account");
}

#[tokio::test]
async fn a_session_that_was_planted_before_signing_in_opens_nothing_afterwards() {
    let house = House::start().await;
    house.person().await;
    // Well formed and unknown, as of a visit; known and the attacker's own.
    let unknown = pair(&set_cookie(&house.get("/sign-in").await, "__Host-visage_visit")).replace("visit", "session");
    let attacker = house.person_named("Mallory", "mallory@example.com", "Mallory's").await.cookie;
    for planted in [unknown, attacker, "__Host-visage_session=planted".to_owned()] {
        let visitor = Visitor::at(&house, "/sign-in").await.and_cookie(&planted);
        let answer = visitor.sign_in(&house, "ada@example.com", PASSWORD).await;
        let fresh = pair(&set_cookie(&answer, "__Host-visage_session"));
        assert_ne!(fresh, planted);
        assert!(account(&house, &fresh).await.text().contains("ada@example.com"));
        assert_eq!(account(&house, &planted).await.location(), "/sign-in?to=/account", "{planted} opens something");
    }
}

#[tokio::test]
async fn signing_out_ends_every_copy_of_the_cookie() {
    let house = House::start().await;
    let person = house.person().await;
    assert_eq!(account(&house, &person.cookie).await.status, StatusCode::OK);
    let fields = [("form_token", person.form_token.as_str())];
    house.post_form("/api/sign_out", &[("cookie", &person.cookie)], &fields).await.location();
    assert_eq!(account(&house, &person.cookie).await.location(), "/sign-in?to=/account");
}

async fn account(house: &House, cookie: &str) -> Answer {
    house.call(http::Method::GET, "/account", &[("cookie", cookie)], axum::body::Body::empty()).await
}

#[track_caller]
fn set_cookie(answer: &Answer, name: &str) -> String {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let found: Vec<&str> = cookies.filter(|cookie| cookie.starts_with(&format!("{name}="))).collect();
    assert_eq!(found.len(), 1, "{name} is set {} times: {:?} {}", found.len(), answer.headers, answer.text());
    found[0].to_owned()
}

/// `name=value`, as the browser sends it.
fn pair(set_cookie: &str) -> String {
    set_cookie.split(';').next().unwrap().to_owned()
}

#[track_caller]
fn assert_guarded(cookie: &str) {
    let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax"] {
        assert!(attributes.contains(&attribute), "{attribute} is missing: {cookie}");
    }
}
