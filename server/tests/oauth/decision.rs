//! `POST /authorize/decision`: the person's answer.

use super::support::House;
use axum::body::Body;
use http::{Method, StatusCode};

const RESOURCE: &str = "https://visage.example/mcp";

#[tokio::test]
async fn approval_sends_a_code_with_state_and_issuer() {
    let house = House::start().await;
    let person = house.person().await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    let answer = house.decide(&person, &request, "authorize").await;
    assert!(answer.location().starts_with("https://client.example/callback?code=vac_"));
    assert_eq!(answer.location_parameter("state").as_deref(), Some("s t&te"));
    assert_eq!(answer.location_parameter("iss").as_deref(), Some("https://visage.example"));
    assert_eq!((answer.header("cache-control"), answer.header("referrer-policy")), ("no-store", "no-referrer"));
    assert!(!answer.header("content-security-policy").contains("form-action"));
}

#[tokio::test]
async fn cancelling_tells_the_client_and_grants_nothing() {
    let house = House::start().await;
    let person = house.person().await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    let answer = house.decide(&person, &request, "cancel").await;
    assert_eq!(answer.location_parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(answer.location_parameter("iss").as_deref(), Some("https://visage.example"));
    assert_eq!(answer.location_parameter("code"), None);
}

#[tokio::test]
async fn a_second_click_gets_the_answer_of_the_first_and_never_a_second_code() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    for decision in ["authorize", "cancel"] {
        let request = house.pending(&client, RESOURCE).await;
        let first = house.decide(&person, &request, decision).await.location();
        assert_eq!(house.decide(&person, &request, decision).await.location(), first);
    }
}

#[tokio::test]
async fn a_second_click_of_another_session_or_too_late_gets_a_page() {
    let house = House::start().await;
    let person = house.person().await;
    let other = house.person_named("Charles Babbage", "charles@example.com", "Babbage Labs").await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    house.decide(&person, &request, "authorize").await.location();
    assert_eq!(house.decide(&other, &request, "authorize").await.status, StatusCode::GONE);
    house.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(house.decide(&person, &request, "authorize").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn once_a_code_is_redeemed_every_click_gets_a_page() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let request = house.pending(&client, RESOURCE).await;
    let code = house.decide(&person, &request, "authorize").await.location_parameter("code").unwrap();
    assert_eq!(house.redeem(&client, &code).await.status, StatusCode::OK);
    for decision in ["authorize", "cancel", "switch"] {
        let answer = house.decide(&person, &request, decision).await;
        assert_eq!(answer.status, StatusCode::GONE, "{decision}");
        assert!(answer.text().contains("closed"), "{decision}");
        assert_eq!(answer.header("location"), "");
    }
}

#[tokio::test]
async fn an_old_request_is_closed() {
    let house = House::start().await;
    let person = house.person().await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    house.clock.advance(std::time::Duration::from_secs(600));
    assert_eq!(house.decide(&person, &request, "authorize").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_first_and_keeps_the_request() {
    let house = House::start().await;
    let mut person = house.person().await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    person.cookie = String::new();
    let answer = house.decide(&person, &request, "authorize").await;
    assert_eq!(answer.location(), format!("/sign-in?request={request}"));
}

#[tokio::test]
async fn a_forged_or_stale_form_shows_the_consent_page_again() {
    let house = House::start().await;
    let mut person = house.person().await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    person.form_token = "0".repeat(64);
    assert_eq!(
        house.decide(&person, &request, "authorize").await.location(),
        format!("/consent/{request}?again=account")
    );
    let cookie = [("cookie", person.cookie.as_str()), ("origin", "https://evil.example")];
    let answer = house.post_form("/authorize/decision", &cookie, &[("request", request.as_str())]).await;
    assert!(answer.status.is_client_error());
}

#[tokio::test]
async fn nobody_grants_a_workspace_that_is_not_theirs() {
    let house = House::start().await;
    let mut person = house.person().await;
    let other = house.person_named("Charles Babbage", "charles@example.com", "Babbage Labs").await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    person.workspace = other.workspace;
    let consent = format!("/consent/{request}");
    let ticked = "ticked=openid+profile+offline_access";
    for (decision, page) in
        [("authorize", format!("{consent}?again=workspace&{ticked}")), ("switch", format!("{consent}?{ticked}"))]
    {
        assert_eq!(house.decide(&person, &request, decision).await.location(), page);
    }
}

#[tokio::test]
async fn what_was_unticked_stays_so_when_the_workspace_is_switched() {
    let house = House::start().await;
    let person = house.person().await;
    let request = house.pending(&house.client().await, RESOURCE).await;
    let is_ticked = |page: &str, scope: &str| {
        let (before, _) = page.split_once(&format!("aria-labelledby=\"scope-{scope}\"")).unwrap();
        before.rsplit_once("<input").unwrap().1.contains(" checked")
    };
    let first = house.page(&person, &format!("/consent/{request}")).await.text();
    assert!(["openid", "profile", "offline_access"].iter().all(|scope| is_ticked(&first, scope)));
    let switched = house.decide_for(&person, &request, "switch", "openid profile").await.location();
    let again = house.page(&person, &switched).await.text();
    assert!(is_ticked(&again, "openid") && is_ticked(&again, "profile") && !is_ticked(&again, "offline_access"));
    // What is required is never left out, whatever the address says.
    let forged = house.page(&person, &format!("/consent/{request}?ticked=email")).await.text();
    assert!(is_ticked(&forged, "openid") && !is_ticked(&forged, "profile"));
}

#[tokio::test]
async fn what_is_no_decision_is_refused() {
    let house = House::start().await;
    let person = house.person().await;
    let cookie = [("cookie", person.cookie.as_str())];
    for fields in [
        vec![],
        vec![("request", "not-an-id"), ("decision", "authorize")],
        vec![("request", "018f3b1e-0000-7000-8000-000000000000"), ("decision", "maybe")],
    ] {
        let answer = house.post_form("/authorize/decision", &cookie, &fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{fields:?}");
    }
    let answer = house.call(Method::POST, "/authorize/decision", &cookie, Body::from("{}")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
