//! A consent page that is open while the operator, or the app itself, takes away what it asks about: it says what happened, as
//! a new request would.

use super::{
    signed_in::send,
    support::{Answer, House, Person, authorize_path},
};
use axum::body::Body;
use domain::connection::{Mismatch, Outcome, Step};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use usecases::{access::operator, connection_log};

const SHEET: &str = "https://sheet.example/callback";
const MOVED: &str = "https://sheet.example/moved";

/// An app whose request is open.
struct Sheet {
    registered: Value,
    request: String,
}

impl Sheet {
    async fn asks(house: &House) -> Self {
        let metadata = json!({"client_name": "Contact Sheet", "redirect_uris": [SHEET]});
        let registered = house.post_json("/register", &[], &metadata).await.json();
        let sheet = Self { registered, request: String::new() };
        let asked = house.get(&authorize_path(sheet.id(), &[("redirect_uri", SHEET)])).await.location();
        Self { request: asked.strip_prefix("/consent/").unwrap().to_owned(), ..sheet }
    }

    fn id(&self) -> &str {
        self.registered["client_id"].as_str().unwrap()
    }

    /// Moves to another address, or goes away.
    async fn changes(&self, house: &House, method: Method) {
        let bearer = format!("Bearer {}", self.registered["registration_access_token"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let metadata = json!({"client_id": self.id(), "client_name": "Contact Sheet", "redirect_uris": [MOVED]});
        let path = format!("/register/{}", self.id());
        let answer = house.call(method, &path, &headers, Body::from(metadata.to_string())).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }

    /// What the open page answers to whoever reloads it, signed in or not, or presses a button.
    async fn answers(&self, house: &House, person: &Person) -> Vec<Answer> {
        let page = format!("/consent/{}", self.request);
        let switched = house.decide(person, &self.request, "switch").await.location();
        vec![
            house.page(person, &page).await,
            house.get(&page).await,
            house.page(person, &switched).await,
            house.decide(person, &self.request, "authorize").await,
            house.decide(person, &self.request, "cancel").await,
        ]
    }

    async fn assert_all_say(&self, house: &House, person: &Person, status: StatusCode, words: &[&str]) {
        for (number, answer) in self.answers(house, person).await.into_iter().enumerate() {
            let text = answer.text();
            assert_eq!((answer.status, answer.header("location")), (status, ""), "{number}: {text}");
            assert!(text.contains(&format!("<title>{} · Visage</title>", words[0])), "{number}: {text}");
            for words in words {
                assert!(text.contains(words), "{number} does not say {words:?}: {text}");
            }
            assert!(!text.contains("This request is closed") && !text.contains("<script>alert"), "{number}: {text}");
            assert!(answer.header("cache-control").contains("no-store"), "{number}: {:?}", answer.headers);
            assert_eq!(answer.header("x-frame-options"), "DENY", "{number}");
        }
        // Nobody signs in for nothing.
        let sign_in = house.get(&format!("/sign-in?request={}", self.request)).await;
        assert_eq!(sign_in.location(), format!("/consent/{}", self.request));
    }
}

/// What the diary of connecting says of the answers that came too late.
async fn assert_noted(house: &House, expected: &Mismatch) {
    let attempts = connection_log::list_all(&house.deps, &operator::at_command_line()).await.unwrap();
    let lines = attempts.iter().flat_map(|attempt| &attempt.lines).filter(|line| line.step == Step::Consent);
    let told: Vec<_> = lines.map(|line| line.outcome.clone()).collect();
    assert_eq!(told, [Outcome::Failed(expected.clone())]);
}

#[tokio::test]
async fn an_app_that_is_blocked_while_it_asks_is_told_to_be_blocked_and_goes_on_once_it_is_let_in() {
    let house = House::start().await;
    let ada = house.person().await;
    let sheet = Sheet::asks(&house).await;
    send(&house, &ada, "/api/decide_client", &[("id", sheet.id()), ("decision", "block")]).await;
    let words = [
        "This app is blocked",
        "An app named “Contact Sheet” wants to connect from sheet.example.",
        "tell whoever runs this server",
        "Go to Visage",
    ];
    sheet.assert_all_say(&house, &ada, StatusCode::BAD_REQUEST, &words).await;
    assert_noted(&house, &Mismatch::BlockedClient).await;
    send(&house, &ada, "/api/decide_client", &[("id", sheet.id()), ("decision", "allow")]).await;
    assert!(house.decide(&ada, &sheet.request, "authorize").await.location().starts_with(SHEET));
}

#[tokio::test]
async fn an_app_that_has_to_wait_from_now_on_is_told_to() {
    let house = House::start().await;
    let ada = house.person().await;
    let sheet = Sheet::asks(&house).await;
    send(&house, &ada, "/api/set_default_rule", &[("effect", "ask")]).await.location();
    let words = [
        "Waiting for approval",
        "An app named “Contact Sheet” wants to connect from sheet.example, and whoever runs this server has to approve it first.",
    ];
    sheet.assert_all_say(&house, &ada, StatusCode::FORBIDDEN, &words).await;
    assert_noted(&house, &Mismatch::ApprovalNeeded).await;
}

#[tokio::test]
async fn an_app_that_moved_meanwhile_is_told_both_addresses() {
    let house = House::start().await;
    let ada = house.person().await;
    let sheet = Sheet::asks(&house).await;
    sheet.changes(&house, Method::PUT).await;
    let words = ["Callback URL mismatch", "An app named “Contact Sheet”", SHEET, MOVED, "add it again"];
    sheet.assert_all_say(&house, &ada, StatusCode::BAD_REQUEST, &words).await;
    assert_noted(&house, &Mismatch::callback_url(Some(SHEET), [MOVED])).await;
}

/// With its registration its requests are gone too.
#[tokio::test]
async fn an_app_that_went_away_meanwhile_has_no_request_any_more() {
    let house = House::start().await;
    let ada = house.person().await;
    let sheet = Sheet::asks(&house).await;
    sheet.changes(&house, Method::DELETE).await;
    assert_eq!(house.decide(&ada, &sheet.request, "authorize").await.status, StatusCode::GONE);
}
