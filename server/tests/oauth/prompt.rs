//! `prompt`, `max_age` and `login_hint` (OpenID Connect Core 1.0, section 3.1.2.1), through the pages.

use super::{
    signed_in::send_and_read,
    support::{Answer, CALLBACK, House, Person, authorize_path, parameter},
    verifier::verify,
};
use axum::body::Body;
use domain::clock::Clock as _;
use http::{Method, StatusCode, header};
use serde_json::json;
use std::time::Duration;

const PASSWORD: &str = "correct horse battery 1815";

/// Asks as somebody who may be signed in.
async fn ask(house: &House, person: Option<&Person>, more: &[(&str, &str)]) -> Answer {
    let client = house.client().await;
    let path = authorize_path(&client, more);
    match person {
        Some(person) => house.page(person, &path).await,
        None => house.get(&path).await,
    }
}

/// Types the password on the page that asks for it, and follows to where it leads.
async fn sign_in_again(house: &House, person: &mut Person, page: &str) -> String {
    let shown = house.page(person, page).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    let html = shown.text();
    let hidden = |name: &str| {
        let (_, rest) = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (form_token, onward) = (hidden("form_token"), hidden("onward"));
    let fields = [
        ("email", "ada@example.com"),
        ("password", PASSWORD),
        ("onward", onward.as_str()),
        ("form_token", form_token.as_str()),
    ];
    let mut cookie = person.cookie.clone();
    for set in shown.headers.get_all(header::SET_COOKIE) {
        cookie = format!("{cookie}; {}", set.to_str().unwrap().split(';').next().unwrap());
    }
    let answer = house.post_form("/api/sign_in", &[("cookie", &cookie)], &fields).await;
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|set| set.to_str().unwrap());
    let session = cookies.find(|set| set.starts_with("__Host-visage_session=vss_")).unwrap();
    person.cookie = session.split(';').next().unwrap().to_owned();
    answer.header("location").to_owned()
}

/// The token of the form on the consent page.
async fn open_consent(house: &House, person: &mut Person, page: &str) -> String {
    let shown = house.page(person, page).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
    let html = shown.text();
    let (_, rest) = html.split_once("name=\"form_token\" value=\"").unwrap();
    person.form_token = rest.split('"').next().unwrap().to_owned();
    html
}

/// Whether somebody is signed in, what is asked, and the error that answers it.
type Silent = (bool, &'static [(&'static str, &'static str)], &'static str);

const SILENT: [Silent; 6] = [
    (false, &[("prompt", "none")], "login_required"),
    (true, &[("prompt", "none")], "consent_required"),
    (true, &[("prompt", "none"), ("max_age", "0")], "consent_required"),
    (true, &[("prompt", "none login")], "invalid_request"),
    (true, &[("prompt", "consent none")], "invalid_request"),
    (false, &[("prompt", "none select_account")], "invalid_request"),
];

/// Each answer to a silent question of this client, with the address that it names.
async fn ask_silently(house: &House, person: &Person, client: &str, redirect_uri: &str, told: fn(&Answer) -> String) {
    for (is_signed_in, more, error) in SILENT {
        let mut asked = vec![("redirect_uri", redirect_uri)];
        asked.extend_from_slice(more);
        let path = authorize_path(client, &asked);
        let answer = if is_signed_in { house.page(person, &path).await } else { house.get(&path).await };
        let address = told(&answer);
        assert!(address.starts_with(&format!("{redirect_uri}?")), "{more:?}: {address}");
        assert_eq!(parameter(&address, "error").as_deref(), Some(error), "{more:?}");
        assert_eq!(parameter(&address, "state").as_deref(), Some("s t&te"));
        assert_eq!(parameter(&address, "iss").as_deref(), Some("https://visage.example"));
        assert_eq!(parameter(&address, "code"), None);
    }
}

#[tokio::test]
async fn prompt_none_asks_nobody_and_grants_nothing() {
    let house = House::start().await;
    let person = house.person().await;
    for redirect_uri in [
        "http://localhost:3118/callback",
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "https://claude.ai/api/mcp/auth_callback",
    ] {
        let registered = house.post_json("/register", &[], &json!({ "redirect_uris": [redirect_uri] })).await.json();
        let client = registered["client_id"].as_str().unwrap();
        ask_silently(&house, &person, client, redirect_uri, Answer::location).await;
    }
    let form = [("name", "CRM"), ("redirect_uris", CALLBACK), ("auth_method", "none")];
    let page = send_and_read(&house, &person, "/api/add_client", &form).await.text();
    let id = page.split("<code>client_").nth(1).unwrap().split('<').next().unwrap();
    ask_silently(&house, &person, &format!("client_{id}"), CALLBACK, Answer::location).await;
    // Before the redirect URI is known to be the client's, nothing goes there.
    let elsewhere = ask(&house, None, &[("prompt", "none"), ("redirect_uri", "https://evil.example/")]).await;
    assert_eq!((elsewhere.status, elsewhere.offered()), (StatusCode::BAD_REQUEST, None));
}

/// Else our address would lead to a stranger's page without anybody looking (RFC 9700, section 4.11.2).
#[tokio::test]
async fn prompt_none_is_answered_on_a_page_where_nobody_vouches_for_the_address() {
    let house = House::start().await;
    let person = house.person().await;
    let stranger = house.client().await;
    ask_silently(&house, &person, &stranger, CALLBACK, |answer| answer.offered().unwrap()).await;
}

#[tokio::test]
async fn a_fresh_sign_in_is_asked_for_once_and_told_in_auth_time() {
    let house = House::start().await;
    let mut person = house.person().await;
    for more in [[("prompt", "login")], [("prompt", "login consent")], [("max_age", "0")], [("max_age", "30")]] {
        house.clock.advance(Duration::from_secs(31));
        let consent = ask(&house, Some(&person), &more).await.location();
        let request = consent.strip_prefix("/consent/").unwrap().to_owned();
        let sign_in = house.page(&person, &consent).await.location();
        assert_eq!(sign_in, format!("/sign-in?request={request}"), "{more:?}");
        // Neither by its form can it be answered before.
        let early = house.decide(&person, &request, "authorize").await;
        assert_eq!(early.location(), sign_in, "{more:?}");
        let page = house.page(&person, &sign_in).await.text();
        assert!(page.contains("asks you to sign in again"), "{page}");

        house.clock.advance(Duration::from_secs(5));
        let signed_in_at = house.clock.now().as_seconds();
        assert_eq!(sign_in_again(&house, &mut person, &sign_in).await, consent);
        house.clock.advance(Duration::from_secs(45));
        open_consent(&house, &mut person, &consent).await;
        let code = house.decide(&person, &request, "authorize").await.location_parameter("code").unwrap();
        let client = house.client().await;
        let tokens = house.redeem(&client, &code).await.json();
        let claims = verify(&house, tokens["id_token"].as_str().unwrap(), &client).await.unwrap();
        assert_eq!(claims["auth_time"], signed_in_at, "{more:?}");
    }
}

/// A known person makes no account, and may say no without a password.
#[tokio::test]
async fn a_fresh_sign_in_names_who_is_signed_in_offers_no_account_and_can_be_cancelled() {
    let house = House::start().await;
    let person = house.person().await;
    house.clock.advance(Duration::from_secs(31));
    let consent = ask(&house, Some(&person), &[("prompt", "login")]).await.location();
    let request = consent.strip_prefix("/consent/").unwrap().to_owned();
    let sign_in = house.page(&person, &consent).await.location();
    let page = house.page(&person, &sign_in).await.text();
    for said in ["You are signed in as <b>Ada Lovelace<", "ada@example.com", "Cancel", &person.form_token] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Create account"), "{page}");
    let sign_up = house.page(&person, &format!("/sign-up?request={request}")).await;
    assert_eq!(sign_up.location(), sign_in);
    // A stranger is offered one, and has nothing to cancel.
    let strangers = house.get(&sign_in).await.text();
    assert!(strangers.contains("Create account") && !strangers.contains("Cancel"), "{strangers}");

    let answer = house.decide(&person, &request, "cancel").await;
    assert_eq!(answer.location_parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(answer.location_parameter("state").as_deref(), Some("s t&te"));
    assert_eq!(house.page(&person, &consent).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_sign_in_that_is_recent_enough_goes_straight_to_consent() {
    let house = House::start().await;
    let mut person = house.person().await;
    house.clock.advance(Duration::from_secs(30));
    for more in [[("max_age", "30")], [("max_age", "4294967295")], [("prompt", "consent")], [("prompt", "create")]] {
        let consent = ask(&house, Some(&person), &more).await.location();
        open_consent(&house, &mut person, &consent).await;
    }
    for nonsense in ["-1", "soon", "1.5", "4294967296", "1 "] {
        let refused = ask(&house, Some(&person), &[("max_age", nonsense)]).await;
        assert_eq!(refused.offered_parameter("error").as_deref(), Some("invalid_request"), "{nonsense}");
    }
}

#[tokio::test]
async fn select_account_offers_another_account_plainly() {
    let house = House::start().await;
    let mut person = house.person().await;
    for (prompt, is_asked) in [("select_account", true), ("consent", false)] {
        let consent = ask(&house, Some(&person), &[("prompt", prompt)]).await.location();
        let html = open_consent(&house, &mut person, &consent).await;
        assert_eq!(html.contains("asks which account to use"), is_asked, "{prompt}");
        assert!(html.contains("Use another account"), "{prompt}");
    }
}

#[tokio::test]
async fn a_login_hint_is_typed_in_advance_if_it_is_an_address() {
    let house = House::start().await;
    for (hint, shown) in [
        ("ada@example.com", Some("value=\"ada@example.com\"")),
        ("Ada@Example.com", Some("value=\"ada@example.com\"")),
        ("ada", None),
        ("\"><script>alert(1)</script>@example.com", None),
    ] {
        let consent = ask(&house, None, &[("login_hint", hint)]).await.location();
        let sign_in = house.call(Method::GET, &consent, &[], Body::empty()).await.location();
        let html = house.get(&sign_in).await.text();
        let field = html.split("name=\"email\"").nth(1).unwrap().split('>').next().unwrap().to_owned();
        match shown {
            Some(value) => assert!(field.contains(value), "{hint}: {field}"),
            None => assert!(!field.contains("value=\"") || field.contains("value=\"\""), "{hint}: {field}"),
        }
        assert!(!html.contains("<script>alert"), "{hint}");
    }
}
