//! The attacks that RFC 9700 names, and those of any web site, each tried once through the router.

use super::{
    support::{Answer, CALLBACK, CHALLENGE, House, VERIFIER, authorize_path, parameter},
    visitor::{Visitor, sets_session},
};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::json;

const RESOURCE: &str = "https://visage.example/mcp";
const PASSWORD: &str = "correct horse battery 1815";
const LOOPBACK: &str = "http://localhost:3118/callback";
const ELSEWHERE: [&str; 9] = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/w//evil.example",
    "javascript:alert(1)",
    "/w/analytical-engines/../../..//evil.example",
    "https:evil.example",
    " https://evil.example",
];

#[tokio::test]
async fn open_redirect_no_sign_in_leads_to_another_site() {
    let house = House::start().await;
    house.person().await;
    let ours = url::Url::parse("https://visage.example").unwrap();
    for (number, elsewhere) in ELSEWHERE.into_iter().enumerate() {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("to", elsewhere).finish();
        let page = house.get(&format!("/sign-in?{query}")).await;
        assert!(!page.text().contains("evil.example"), "{elsewhere}");
        let visitor = Visitor::at(&house, "/sign-in").await;
        let newcomer = format!("newcomer{number}@example.com");
        for (path, email) in [("/api/sign_in", "ada@example.com"), ("/api/sign_up", newcomer.as_str())] {
            let fields = [
                ("email", email),
                ("name", "Ada"),
                ("password", PASSWORD),
                ("form_token", visitor.form_token.as_str()),
                ("onward", elsewhere),
            ];
            let answer = house.post_form(path, &[("cookie", &visitor.cookie)], &fields).await;
            let location = answer.header("location");
            assert!(sets_session(&answer), "{path} {elsewhere}: nobody was signed in: {location}");
            assert!(!location.is_empty(), "{path} {elsewhere}");
            assert_eq!(ours.join(location).unwrap().origin(), ours.origin(), "{path} {elsewhere}: {location}");
        }
    }
}

#[tokio::test]
async fn open_redirect_no_error_of_an_unknown_client_or_address_is_a_redirect() {
    let house = House::start().await;
    let client = house.client().await;
    for (client, redirect_uri) in [("client_unknown", CALLBACK), (client.as_str(), "https://evil.example/callback")] {
        for more in [("response_type", "token"), ("request", "eyJ"), ("prompt", "none"), ("scope", "")] {
            let path = authorize_path(client, &[("redirect_uri", redirect_uri), more]);
            let answer = house.get(&path).await;
            assert_eq!((answer.status, answer.header("location")), (StatusCode::BAD_REQUEST, ""), "{path}");
        }
    }
}

#[tokio::test]
async fn mix_up_every_answer_to_a_client_names_its_issuer() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let mut answers = Vec::new();
    for decision in ["authorize", "cancel"] {
        let request = house.pending(&client, RESOURCE).await;
        answers.push(house.decide(&person, &request, decision).await.location());
    }
    for more in [
        ("response_type", "token"),
        ("code_challenge", ""),
        ("code_challenge_method", "plain"),
        ("prompt", "none"),
        ("request", "eyJ"),
        ("request_uri", "https://evil.example/request"),
        ("resource", "https://evil.example/mcp"),
    ] {
        // Nobody vouches for the address, so a page offers the answer.
        answers.push(house.get(&authorize_path(&client, &[more])).await.offered().unwrap());
    }
    let metadata = json!({ "redirect_uris": [LOOPBACK] });
    let vouched = house.post_json("/register", &[], &metadata).await.json()["client_id"].as_str().unwrap().to_owned();
    for more in [("response_type", "token"), ("prompt", "none"), ("resource", "https://evil.example/mcp")] {
        answers.push(house.get(&authorize_path(&vouched, &[("redirect_uri", LOOPBACK), more])).await.location());
    }
    for answer in answers {
        assert!(answer.starts_with(CALLBACK) || answer.starts_with(LOOPBACK), "{answer}");
        assert_eq!(parameter(&answer, "iss").as_deref(), Some("https://visage.example"), "{answer}");
        assert_eq!(parameter(&answer, "state").as_deref(), Some("s t&te"), "{answer}");
    }
}

#[tokio::test]
async fn code_injection_a_stolen_code_is_worth_nothing_to_another_client() {
    let house = House::start().await;
    let person = house.person().await;
    let (owner, thief) = (house.client_named("Owner").await, house.client_named("Thief").await);
    let code = house.code(&person, &owner, RESOURCE).await;
    assert_eq!(house.redeem(&thief, &code).await.oauth_error(), "400 invalid_grant");
}

/// Put into a flow that the attacker began in the victim's client, a code meets the verifier of another challenge.
#[tokio::test]
async fn code_injection_a_code_meets_only_the_verifier_of_its_own_flow() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    for verifier in ["another-verifier-that-is-quite-long-enough-43", CHALLENGE, ""] {
        let code = house.code(&person, &client, RESOURCE).await;
        let answer = redeem_with(&house, &client, &code, CALLBACK, verifier).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{verifier}: {}", answer.text());
    }
}

#[tokio::test]
async fn code_injection_a_code_is_bound_to_the_address_that_it_was_sent_to() {
    let house = House::start().await;
    let person = house.person().await;
    let metadata = json!({ "redirect_uris": [CALLBACK, "https://client.example/other"] });
    let client = house.post_json("/register", &[], &metadata).await.json()["client_id"].as_str().unwrap().to_owned();
    for other in ["https://client.example/other", "https://evil.example/callback"] {
        let code = house.code(&person, &client, RESOURCE).await;
        let answer = redeem_with(&house, &client, &code, other, VERIFIER).await;
        assert_eq!(answer.oauth_error(), "400 invalid_grant", "{other}");
    }
}

#[tokio::test]
async fn pkce_downgrade_no_request_without_s256_gets_a_code() {
    let house = House::start().await;
    let client = house.client().await;
    for more in [
        [("code_challenge", ""), ("code_challenge_method", "")],
        [("code_challenge", ""), ("code_challenge_method", "S256")],
        [("code_challenge", CHALLENGE), ("code_challenge_method", "")],
        [("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
        [("code_challenge", CHALLENGE), ("code_challenge_method", "s256")],
        [("code_challenge", "short"), ("code_challenge_method", "S256")],
    ] {
        let answer = house.get(&authorize_path(&client, &more)).await;
        assert_eq!(answer.offered_parameter("error").as_deref(), Some("invalid_request"), "{more:?}");
    }
}

#[tokio::test]
async fn pkce_downgrade_no_code_is_redeemed_without_its_verifier() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let code = house.code(&person, &client, RESOURCE).await;
    let fields =
        [("grant_type", "authorization_code"), ("client_id", &client), ("code", &code), ("redirect_uri", CALLBACK)];
    let answer = house.post_form("/token", &[], &fields).await;
    assert_eq!(answer.oauth_error(), "400 invalid_request");
}

/// A line break in a header would begin another header, or another answer.
#[tokio::test]
async fn response_splitting_what_is_sent_never_begins_a_line() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    for state in ["x\r\nset-cookie: planted=1", "x\nlocation: https://evil.example", "x\r\n\r\n<h1>", "\u{2028}\u{85}x"]
    {
        let asked = house.get(&authorize_path(&client, &[("state", state), ("resource", RESOURCE)])).await;
        let request = asked.location().strip_prefix("/consent/").unwrap().to_owned();
        let answered = house.decide(&person, &request, "authorize").await;
        let refused = house.get(&authorize_path(&client, &[("state", state), ("response_type", "token")])).await;
        for (answer, address) in [(&answered, answered.location()), (&refused, refused.offered().unwrap())] {
            assert_eq!(parameter(&address, "state").as_deref(), Some(state));
            assert!(address.is_ascii() && !address.contains(char::is_control));
            assert!(!answer.headers.contains_key("set-cookie"));
        }
    }
    let hostile = json!({ "redirect_uris": ["https://client.example/cb\r\nset-cookie: planted=1"] });
    assert_eq!(house.post_json("/register", &[], &hostile).await.status, StatusCode::BAD_REQUEST);
    for path in ["/sign-in?to=%0d%0aset-cookie:%20planted=1", "/consent/%0d%0aset-cookie:%20planted=1"] {
        let answer = house.get(path).await;
        assert!(
            answer.headers.values().all(|value| !value.as_bytes().windows(7).any(|part| part == b"planted")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn injected_markup_of_a_request_is_shown_as_text_or_not_at_all() {
    const MARKUP: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    let house = House::start().await;
    let client = house.client().await;
    let encoded = url::form_urlencoded::byte_serialize(MARKUP.as_bytes()).collect::<String>();
    for path in [
        authorize_path(MARKUP, &[]),
        authorize_path(&client, &[("redirect_uri", MARKUP)]),
        format!("/authorize?client_id={client}&{encoded}=1&{encoded}=2"),
        format!("/authorize?client_id=https://app.example/{encoded}"),
        format!("/sign-in?request={encoded}"),
        format!("/sign-in?to={encoded}"),
        format!("/sign-up?to={encoded}"),
        format!("/consent/{encoded}"),
        format!("/w/{encoded}"),
        format!("/{encoded}"),
    ] {
        let page = house.get(&path).await;
        assert!(
            !page.text().contains("<script>alert") && !page.text().contains("<img src=x"),
            "{path}: {}",
            page.text()
        );
    }
}

/// What nobody has signed in for is kept for ten minutes: it must not be as long as somebody likes.
#[tokio::test]
async fn exhaustion_a_query_is_no_longer_than_a_form_may_be() {
    let house = House::start().await;
    let client = house.client().await;
    let good = authorize_path(&client, &[("state", &"x".repeat(8 * 1024))]);
    assert!(house.get(&good).await.location().starts_with("/consent/"));
    let long = authorize_path(&client, &[("state", &"x".repeat(17 * 1024))]);
    let many = authorize_path(&client, &[]) + &"&a=1".repeat(100);
    for path in [long, many] {
        let answer = house.get(&path).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::BAD_REQUEST, ""));
        assert!(answer.header("content-type").starts_with("text/html"));
    }
}

/// A request without a person goes nowhere by itself, whoever began it: what it began is answered by who is signed in and looks.
#[tokio::test]
async fn a_known_client_is_never_let_in_without_being_asked() {
    let house = House::start().await;
    let person = house.person().await;
    let tokens = house.tokens(&person).await;
    let cookie = [("cookie", person.cookie.as_str())];
    let again = house.call(Method::GET, &authorize_path(&tokens.client_id, &[]), &cookie, Body::empty()).await;
    assert!(again.location().starts_with("/consent/"), "{}", again.location());
    let silent = authorize_path(&tokens.client_id, &[("prompt", "none")]);
    let silent = house.call(Method::GET, &silent, &cookie, Body::empty()).await;
    assert_eq!(silent.offered_parameter("error").as_deref(), Some("consent_required"));
    assert_eq!(silent.offered_parameter("code"), None);
}

async fn redeem_with(house: &House, client: &str, code: &str, redirect_uri: &str, verifier: &str) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", client),
        ("code", code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", verifier),
    ];
    house.post_form("/token", &[], &fields).await
}
