//! What holds of any document and any signed token that a stranger offers: client ID metadata documents and their addresses,
//! JSON Web Tokens, key sets.

use domain::{
    clock::Timestamp,
    oauth::{
        client::{AuthMethod, ClientId},
        client_assertion::{AssertionFault, claimed_client, judge},
        client_document::{self, DocumentError, DocumentUrl, Reach, fresh_for, is_url},
        client_metadata::MOST_REDIRECT_URIS,
        jwk::{Candidates, KeySet, PublicKey},
        jws::{self, Compact},
        signing::SigningAlgorithm,
    },
    settings::PublicUrl,
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use std::time::Duration;

const DOCUMENT: &str = "https://app.example.com/client.json";
const ISSUER: &str = "https://visage.example";
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Texts, numbers and lists of anything.
fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        any::<String>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| json!(f64::from(number) / 8.0)),
        Just(Value::Null),
        Just(json!(true)),
        select(vec!["none", "private_key_jwt", "client_secret_basic", DOCUMENT, ISSUER, "http://127.0.0.1/cb"])
            .prop_map(Value::from),
    ];
    plain.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((select(vec!["keys", "kty", "d", "k", "n"]), inner), 0..4).prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect::<Map<_, _>>()
                .into()),
        ]
    })
}

/// A good document with some fields replaced.
fn document() -> impl Strategy<Value = Value> {
    let field = select(vec![
        "client_id",
        "client_name",
        "redirect_uris",
        "token_endpoint_auth_method",
        "token_endpoint_auth_methods_supported",
        "client_secret",
        "jwks",
        "jwks_uri",
        "grant_types",
        "logo_uri",
    ]);
    vec((field, value()), 0..4).prop_map(|changes| {
        let mut document =
            json!({ "client_id": DOCUMENT, "client_name": "App", "redirect_uris": ["https://app.example.com/callback"] });
        for (name, value) in changes {
            document[name] = value;
        }
        document
    })
}

/// Claims of a good assertion with some of them replaced.
fn assertion() -> impl Strategy<Value = (Value, Value)> {
    let name = select(vec!["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]);
    let header = select(vec!["alg", "typ", "kid", "crit", "b64", "jku", "jwk"]);
    let good = NOW.as_seconds();
    (vec((header, value()), 0..2), vec((name, value()), 0..2), -400i64..400).prop_map(move |(headers, claims, life)| {
        let mut header = json!({ "alg": "ES256" });
        let mut all = json!({ "iss": DOCUMENT, "sub": DOCUMENT, "aud": ISSUER, "exp": good + life, "jti": "one" });
        headers.into_iter().for_each(|(name, value)| header[name] = value);
        claims.into_iter().for_each(|(name, value)| all[name] = value);
        (header, all)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn an_address_that_names_a_client_is_public_https_and_has_one_spelling(text in prop_oneof![
        any::<String>(),
        "(https?|HTTPS|ftp)://([a-z0-9.@:%-]{0,20}|localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?/[a-zA-Z0-9./%?#\\\\-]{0,20}",
        "https://[a-z]{1,8}\\.example/[a-z0-9/]{1,12}",
    ]) {
        match DocumentUrl::parse(&text, Reach::Public) {
            None => prop_assert!(!is_url(&text)),
            Some(Err(error)) => prop_assert!(!error.to_string().is_empty()),
            Some(Ok(url)) => {
                prop_assert_eq!(url.as_str(), text.as_str());
                let rest = text.strip_prefix("https://").unwrap();
                let (host, path) = rest.split_once('/').unwrap();
                prop_assert_eq!(host, url.host());
                prop_assert!(host.contains('.') && !host.contains(['@', ':', '%']) && host == host.to_lowercase());
                // Neither a number nor a name of this network.
                prop_assert!(host.parse::<std::net::IpAddr>().is_err());
                prop_assert!(!path.is_empty() && !path.contains(['?', '#', '\\']) && !path.split('/').any(|part| part == ".."));
            }
        }
    }

    #[test]
    fn a_document_that_is_taken_speaks_for_itself_and_tells_no_secret(document in document()) {
        let url = DocumentUrl::parse(DOCUMENT, Reach::Public).unwrap().unwrap();
        match client_document::read(&url, document.to_string().as_bytes()) {
            Ok(metadata) => {
                prop_assert_eq!(document["client_id"].as_str(), Some(DOCUMENT));
                prop_assert!(document.get("client_secret").is_none_or(Value::is_null));
                prop_assert!(matches!(metadata.auth_method, AuthMethod::None | AuthMethod::PrivateKeyJwt));
                prop_assert!(!metadata.name.is_empty() && (1..=MOST_REDIRECT_URIS).contains(&metadata.redirect_uris.len()));
                let listed = document["redirect_uris"].as_array().unwrap();
                prop_assert!(metadata.redirect_uris.iter().all(|uri| listed.iter().any(|listed| listed == uri.as_str())));
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn whatever_bytes_lie_at_the_address_are_read_or_refused(body in prop_oneof![
        vec(any::<u8>(), 0..200), any::<String>().prop_map(String::into_bytes), "[\\[{]{0,300}".prop_map(String::into_bytes),
    ]) {
        let url = DocumentUrl::parse(DOCUMENT, Reach::Public).unwrap().unwrap();
        let read = client_document::read(&url, &body);
        prop_assert!(matches!(read, Err(DocumentError::NotAnObject | DocumentError::WrongClientId)));
    }

    #[test]
    fn a_copy_is_kept_as_long_as_asked_within_our_bounds(header in prop_oneof![any::<String>(), "(max-age=[0-9]{0,12}|no-store|private|, ?|\"){0,4}"]) {
        let fresh = fresh_for(Some(&header));
        prop_assert!((Duration::from_secs(300)..=Duration::from_secs(86_400)).contains(&fresh));
    }

    #[test]
    fn a_token_that_is_taken_apart_is_what_was_put_together(header in value(), claims in value(), signature in vec(any::<u8>(), 0..80)) {
        let text = jws::compact(&jws::signing_input(&header, &claims), &signature);
        match Compact::parse(&text) {
            Ok(read) => {
                prop_assert!(header.is_object() && claims.is_object());
                prop_assert_eq!((Value::Object(read.header), read.signature), (header, signature));
                prop_assert_eq!(Value::Object(read.claims), claims);
            }
            Err(_) => prop_assert!(!header.is_object() || !claims.is_object()),
        }
    }

    #[test]
    fn a_text_that_is_no_signed_token_is_refused(text in prop_oneof![any::<String>(), "[A-Za-z0-9_.=+/-]{0,80}", "(ey[A-Za-z0-9]{0,9}\\.?){1,6}"]) {
        if let Ok(read) = Compact::parse(&text) {
            prop_assert!(text.starts_with(read.signed) && text.matches('.').count() == 2);
        }
    }

    #[test]
    fn an_assertion_is_good_for_its_own_client_this_issuer_and_five_minutes(parts in assertion(), other in any::<String>()) {
        let (header, claims) = parts;
        let text = jws::compact(&jws::signing_input(&header, &claims), b"signature");
        let jws = Compact::parse(&text).unwrap();
        let issuer: PublicUrl = ISSUER.parse().unwrap();
        let client = ClientId(DOCUMENT.to_owned());
        if let Ok(judged) = judge(&jws, &client, &issuer, NOW) {
            prop_assert_eq!(claimed_client(&jws), Some(client));
            prop_assert_eq!(&claims["iss"], &claims["sub"]);
            prop_assert!(claims["aud"] == ISSUER || claims["aud"] == json!([ISSUER]));
            prop_assert!(SigningAlgorithm::OF_CLIENT_ASSERTIONS.contains(&judged.algorithm) && header["alg"] != "none");
            prop_assert!(header.get("crit").is_none() && !claims["jti"].as_str().unwrap().is_empty());
            let left = judged.expires_at.since(NOW);
            prop_assert!(left > Duration::ZERO && left <= Duration::from_secs(300 + 120), "{left:?}");
        }
        if other != DOCUMENT {
            let refused = judge(&jws, &ClientId(other), &issuer, NOW);
            prop_assert!(refused.is_err());
            prop_assert!(!matches!(refused, Err(AssertionFault::Signature | AssertionFault::Replayed)));
        }
    }

    #[test]
    fn a_key_that_is_read_is_public_and_of_an_algorithm_of_ours(key in prop_oneof![
        value(),
        ("[A-Za-z0-9_-]{43}", "[A-Za-z0-9_-]{43}").prop_map(|(x, y)| json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })),
        ("(EC|RSA|OKP|oct)", "[A-Za-z0-9_-]{0,400}").prop_map(|(kty, n)| json!({ "kty": kty, "n": n, "e": "AQAB", "k": n })),
    ]) {
        if let Some(read) = PublicKey::from_jwk(&key) {
            prop_assert!(PublicKey::from_jwk(&read.to_jwk()).is_some_and(|again| again == read));
            prop_assert!(SigningAlgorithm::OF_CLIENT_ASSERTIONS.contains(&read.algorithm()));
            prop_assert!(read.to_jwk().get("d").is_none() && key["kty"] != "oct");
        }
        let set = KeySet::read(&json!({ "keys": [key, key] }));
        for algorithm in SigningAlgorithm::OF_CLIENT_ASSERTIONS {
            if let Candidates::Keys(keys) = set.candidates(algorithm, None) {
                prop_assert!(keys.iter().all(|key| key.algorithm() == algorithm));
            }
        }
    }
}
