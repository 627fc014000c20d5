//! The hostile redirect URIs of the corpus, at `/authorize`, `/register` and sign-in: none of them is ever in a `Location`.

use super::{
    support::{CALLBACK, CHALLENGE, House, form},
    visitor::{Visitor, sets_session},
};
use http::StatusCode;
use serde_json::{Value, json};
use testkit::corpus;

const CORPUS: &str = include_str!("../../../crates/domain/tests/corpora/redirect_uris.txt");

/// The values of one section.
fn section(letter: char) -> Vec<String> {
    let is_meant = |heading: &str| heading.starts_with(&format!("{letter}."));
    corpus::rows(CORPUS).filter(|(heading, ..)| is_meant(heading)).map(|(_, value, _)| value).collect()
}

async fn registered(house: &House, redirect_uris: &[&str]) -> String {
    let told = house.post_json("/register", &[], &json!({ "redirect_uris": redirect_uris })).await;
    assert_eq!(told.status, StatusCode::CREATED, "{}", told.text());
    told.json()["client_id"].as_str().unwrap().to_owned()
}

/// A request that would be answered by redirect with an error as soon as its address were believed.
fn asked(client: &str, redirect_uri: &str, is_good: bool) -> String {
    let mut fields = vec![("client_id", client), ("redirect_uri", redirect_uri), ("response_type", "code")];
    if is_good {
        fields.extend([("code_challenge", CHALLENGE), ("code_challenge_method", "S256")]);
    }
    form(&fields)
}

async fn assert_refused(house: &House, client: &str, uri: &str) {
    for is_good in [true, false] {
        let query = asked(client, uri, is_good);
        let by_query = house.get(&format!("/authorize?{query}")).await;
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let by_form = house.post_form("/authorize", &[], &fields).await;
        for answer in [by_query, by_form] {
            assert_eq!(answer.header("location"), "", "{uri:?}");
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{uri:?}");
            assert!(answer.header("content-type").starts_with("text/html"), "{uri:?}");
        }
    }
}

#[tokio::test]
async fn nothing_but_the_registered_web_address_is_ever_redirected_to() {
    let house = House::start().await;
    let client = registered(&house, &["https://client.example.test/cb"]).await;
    let hostile = section('A');
    assert!(hostile.len() > 60, "{}", hostile.len());
    for uri in hostile {
        assert_refused(&house, &client, &uri).await;
    }
}

#[tokio::test]
async fn a_loopback_address_is_answered_at_any_port_and_at_nothing_else() {
    let house = House::start().await;
    let client = registered(&house, &["http://127.0.0.1/cb", "http://[::1]/cb"]).await;
    for uri in section('B') {
        assert_refused(&house, &client, &uri).await;
    }
    let welcome = section('C');
    assert!(welcome.len() > 2);
    for uri in welcome {
        let good = house.get(&format!("/authorize?{}", asked(&client, &uri, true))).await;
        assert!(good.location().starts_with("/consent/"), "{uri}");
        let faulty = house.get(&format!("/authorize?{}", asked(&client, &uri, false))).await;
        assert!(faulty.location().starts_with(&format!("{uri}?error=invalid_request")), "{uri}");
    }
}

#[tokio::test]
async fn no_hostile_address_is_registered_alone_or_among_good_ones() {
    let house = House::start().await;
    for uri in section('D') {
        let value = if uri == "null" { Value::Null } else { json!(uri) };
        for listed in [json!([value]), json!([CALLBACK, value]), json!([value, CALLBACK])] {
            let refused = house.post_json("/register", &[], &json!({ "redirect_uris": listed })).await;
            assert_eq!(refused.oauth_error(), "400 invalid_redirect_uri", "{uri:?}");
        }
    }
}

#[tokio::test]
async fn no_hostile_address_is_where_a_sign_in_leads() {
    let house = House::start().await;
    house.person().await;
    let hostile = section('E');
    assert!(hostile.len() > 8, "{}", hostile.len());
    for address in hostile {
        for name in ["to", "request", "next", "return_to", "post_login"] {
            let visitor = Visitor::at(&house, &format!("/sign-in?{}", form(&[(name, &address)]))).await;
            let fields = [
                ("email", "ada@example.com"),
                ("password", "correct horse battery 1815"),
                ("onward", address.as_str()),
                ("form_token", visitor.form_token.as_str()),
            ];
            let answer = house.post_form("/api/sign_in", &[("cookie", &visitor.cookie)], &fields).await;
            assert!(sets_session(&answer), "{address:?}");
            assert_eq!(answer.header("location"), "/", "{address:?}");
        }
    }
}
