//! Every hostile redirect URI of the corpus: sections A to C against a registered one, D as a registration; and what holds
//! of any address.

#[path = "../../testkit/src/corpus.rs"]
mod corpus;

use domain::oauth::{
    client_metadata::ClientMetadata,
    error::ErrorCode,
    redirect_uri::{Destination, RedirectUri},
};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};
use url::Url;

const CORPUS: &str = include_str!("corpora/redirect_uris.txt");

/// The values of one section.
fn section(letter: char) -> Vec<String> {
    let is_meant = |heading: &str| heading.starts_with(&format!("{letter}."));
    corpus::rows(CORPUS).filter(|(heading, ..)| is_meant(heading)).map(|(_, value, _)| value).collect()
}

#[expect(clippy::unwrap_used, reason = "the tests register addresses that are good")]
fn registered(uri: &str) -> RedirectUri {
    RedirectUri::parse(uri).unwrap()
}

#[test]
fn nothing_but_the_registered_address_matches_it() {
    let web = registered("https://client.example.test/cb");
    let hostile = section('A');
    assert!(hostile.len() > 60, "{}", hostile.len());
    for uri in hostile {
        assert!(!web.matches(&uri), "{uri:?}");
    }
}

#[test]
fn a_loopback_address_matches_with_any_port_and_nothing_else() {
    let registered = [registered("http://127.0.0.1/cb"), registered("http://[::1]/cb")];
    let (hostile, welcome) = (section('B'), section('C'));
    assert!(hostile.len() > 8 && welcome.len() > 2, "{} {}", hostile.len(), welcome.len());
    for uri in hostile {
        assert!(!registered[0].matches(&uri), "{uri:?}");
    }
    for uri in welcome {
        assert!(registered.iter().any(|registered| registered.matches(&uri)), "{uri:?}");
    }
}

#[test]
fn hostile_addresses_are_not_registered() {
    let hostile = section('D');
    assert!(hostile.len() > 20, "{}", hostile.len());
    for uri in hostile {
        let value = if uri == "null" { Value::Null } else { json!(uri) };
        let refused = ClientMetadata::parse(&json!({ "redirect_uris": [value] }));
        assert_eq!(refused.map_err(|error| error.code()), Err(ErrorCode::InvalidRedirectUri), "{uri:?}");
    }
}

/// Pieces of which addresses are made, good and bad: put together at random, they come near to what matters.
fn address() -> impl Strategy<Value = String> {
    let scheme =
        select(vec!["https://", "http://", "HTTP://", "cursor://", "com.example.app:/", "javascript:", "//", ""]);
    let host = select(vec![
        "client.example",
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "127.0.0.1.evil.example",
        "user@127.0.0.1",
        "evil.example\\@localhost",
    ]);
    let port = select(vec!["", ":", ":1", ":080", ":8080", ":65536", ":-1", ":8080@evil.example", ":٣"]);
    let path =
        select(vec!["", "/", "/cb", "/cb/", "/CB", "/cb?x=1", "?x=1", "/cb#", "/%63b", "/../cb", "/cb;x", " ", "\n"]);
    (scheme, host, port, path).prop_map(|(scheme, host, port, path)| format!("{scheme}{host}{port}{path}"))
}

/// The rule in other words: the same bytes, or the same once the ports of two loopback addresses are cut out.
fn is_expected_to_match(registered: &str, requested: &str) -> bool {
    registered == requested || without_port(registered).is_some_and(|bare| Some(bare) == without_port(requested))
}

fn without_port(uri: &str) -> Option<String> {
    ["http://localhost", "http://127.0.0.1", "http://[::1]"].into_iter().find_map(|origin| {
        let rest = uri.strip_prefix(origin)?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let port = rest[..end].strip_prefix(':');
        let is_port =
            port.is_some_and(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port && number > 0));
        (end == 0 || is_port).then(|| format!("{origin}{}", &rest[end..]))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn what_matches_was_registered_but_for_a_loopback_port(registered in address(), requested in address()) {
        if let Ok(uri) = RedirectUri::parse(&registered) {
            prop_assert_eq!(uri.matches(&requested), is_expected_to_match(&registered, &requested));
            prop_assert!(uri.matches(&registered));
        }
    }

    #[test]
    fn what_is_registered_is_kept_byte_for_byte(text in prop_oneof![address(), any::<String>(), "[ -~]{0,40}"]) {
        if let Ok(uri) = RedirectUri::parse(&text) {
            prop_assert_eq!(uri.as_str(), text.as_str());
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains(['#', '*', '\\']));
            prop_assert!(!text.starts_with("http:") || matches!(uri.destination(), Destination::Loopback));
            let read: RedirectUri = serde_json::from_value(json!(text)).unwrap();
            prop_assert_eq!(read, uri);
        }
    }

    #[test]
    fn the_answer_goes_to_the_registered_address_and_reads_back(registered in address(), state in any::<String>()) {
        if let Ok(uri) = RedirectUri::parse(&registered) {
            let answer = uri.with_query(&[("code", "vac_x"), ("state", &state)]);
            prop_assert!(answer.starts_with(&registered));
            let (before, after) = (Url::parse(&registered).unwrap(), Url::parse(&answer).unwrap());
            prop_assert_eq!((before.scheme(), before.host_str(), before.port(), before.path()), (after.scheme(), after.host_str(), after.port(), after.path()));
            let pairs: Vec<_> = after.query_pairs().collect();
            prop_assert!(pairs.contains(&("state".into(), state.as_str().into())));
            prop_assert_eq!(pairs.iter().filter(|(name, _)| name == "code" || name == "state").count(), 2);
        }
    }
}
