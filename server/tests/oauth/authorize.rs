//! `/authorize`: stored and sent on to the consent page, or refused where the fault belongs.

use super::support::{CALLBACK, House, authorize_path, parameter};
use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::json;
use server::middleware::client_address::Peer;

const LOOPBACK: &str = "http://localhost:3118/callback";

#[tokio::test]
async fn a_good_request_goes_on_to_the_consent_page_by_its_identifier_alone() {
    let house = House::start().await;
    let client = house.client().await;
    let answer = house.get(&authorize_path(&client, &[("resource", "https://visage.example/mcp")])).await;
    let location = answer.location();
    assert!(location.strip_prefix("/consent/").is_some_and(|id| id.len() == 36), "{location}");
    assert_eq!((answer.header("cache-control"), answer.header("referrer-policy")), ("no-store", "no-referrer"));
}

#[tokio::test]
async fn a_form_does_what_a_query_does() {
    let house = House::start().await;
    let client = house.client().await;
    let path = authorize_path(&client, &[]);
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(path.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
    let fields: Vec<(&str, &str)> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(house.post_form("/authorize", &[], &fields).await.location().starts_with("/consent/"));
}

#[tokio::test]
async fn a_fault_in_client_or_callback_is_a_page_and_never_a_redirect() {
    let house = House::start().await;
    let client = house.client().await;
    for (path, words) in [
        (authorize_path("client_unknown", &[]), "not known here"),
        (authorize_path("", &[]), "client_id is missing"),
        (authorize_path(&client, &[("redirect_uri", "https://evil.example/callback")]), "callback URL mismatch"),
        (authorize_path(&client, &[("redirect_uri", "https://client.example/callback/")]), "redirect_uri"),
        (format!("{}&state=again", authorize_path(&client, &[])), "more than once"),
    ] {
        let answer = house.get(&path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert_eq!(answer.header("location"), "");
        assert!(answer.text().contains(words), "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn any_other_fault_goes_back_with_state_and_issuer() {
    let house = House::start().await;
    let stranger = house.client().await;
    let neighbour = json!({ "redirect_uris": [LOOPBACK] });
    let neighbour =
        house.post_json("/register", &[], &neighbour).await.json()["client_id"].as_str().unwrap().to_owned();
    for (more, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("resource", "https://other.example/mcp"), "invalid_target"),
        (("request", "eyJ"), "request_not_supported"),
        (("request_uri", "https://x.example"), "request_uri_not_supported"),
        (("response_mode", "fragment"), "invalid_request"),
    ] {
        let sent = house.get(&authorize_path(&neighbour, &[("redirect_uri", LOOPBACK), more])).await.location();
        let offered = house.get(&authorize_path(&stranger, &[more])).await.offered().unwrap();
        for (address, redirect_uri) in [(sent, LOOPBACK), (offered, CALLBACK)] {
            assert!(address.starts_with(&format!("{redirect_uri}?")), "{more:?}: {address}");
            assert_eq!(parameter(&address, "error").as_deref(), Some(error), "{more:?}");
            assert_eq!(parameter(&address, "state").as_deref(), Some("s t&te"));
            assert_eq!(parameter(&address, "iss").as_deref(), Some("https://visage.example"));
            assert_eq!(parameter(&address, "code"), None);
        }
    }
}

#[tokio::test]
async fn one_network_asks_only_so_often_whoever_the_app_is() {
    let house = House::start().await;
    let path = authorize_path(&house.client().await, &[]);
    let ask = async |from: [u8; 4]| {
        let mut request = Request::builder().method(Method::GET).uri(&path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer(from.into()));
        house.send(request).await
    };
    for _ in 0..300 {
        assert!(ask([203, 0, 113, 7]).await.location().starts_with("/consent/"));
    }
    let refused = ask([203, 0, 113, 7]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    assert!(ask([203, 0, 113, 8]).await.location().starts_with("/consent/"));
}

#[tokio::test]
async fn a_fault_sends_nobody_by_itself_to_an_address_that_nobody_vouches_for() {
    let house = House::start().await;
    for (redirect_uri, is_offered) in [
        ("https://claude.ai/api/mcp/auth_callback", false),
        ("http://localhost:3118/callback", false),
        ("cursor://anysphere.cursor-mcp/oauth/callback", false),
        ("https://phish.example/sign-in", true),
    ] {
        let client = house.post_json("/register", &[], &json!({ "redirect_uris": [redirect_uri] })).await.json();
        let client = client["client_id"].as_str().unwrap();
        for more in [("response_type", "token"), ("prompt", "none"), ("resource", "https://other.example/mcp")] {
            let answer = house.get(&authorize_path(client, &[("redirect_uri", redirect_uri), more])).await;
            let told = if is_offered { answer.offered().unwrap() } else { answer.location() };
            assert!(told.starts_with(&format!("{redirect_uri}?error=")), "{more:?}: {told}");
            assert_eq!(answer.header("location"), if is_offered { "" } else { told.as_str() });
        }
    }
}
