//! Every hostile redirect URI of the corpus: sections A to C against a registered one, D as a registration.

use domain::oauth::{client_metadata::ClientMetadata, error::ErrorCode, redirect_uri::RedirectUri};
use serde_json::{Value, json};

const CORPUS: &str = include_str!("corpora/redirect_uris.txt");

/// The values of one section, with their escapes read.
fn section(letter: char) -> Vec<String> {
    let head = format!("# == {letter}.");
    let lines = CORPUS.lines().skip_while(|line| !line.starts_with(&head)).skip(1);
    let lines = lines.take_while(|line| !line.starts_with("# =="));
    let values = lines.filter(|line| !line.is_empty() && !line.starts_with("# "));
    values.map(|line| unescape(line.split('\t').next().unwrap_or_default())).collect()
}

fn unescape(text: &str) -> String {
    let mut read = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, character == '\\') {
            (_, true) => match characters.next() {
                Some('t') => read.push('\t'),
                Some('n') => read.push('\n'),
                Some('r') => read.push('\r'),
                Some('0') => read.push('\0'),
                Some(other) => read.push(other),
                None => {}
            },
            (plain, false) => read.push(plain),
        }
    }
    read
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
