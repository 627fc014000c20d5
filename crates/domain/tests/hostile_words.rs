//! What holds of any text where a stranger's words are read: tokens, metadata, resources, authorization parameters,
//! LinkedIn addresses. That nothing panics is the least of it.

use domain::{
    entropy::Entropy,
    linkedin_url::VanityName,
    oauth::{
        authorization_request::{PageFault, Parameters},
        client_metadata::{ClientMetadata, MOST_REDIRECT_URIS},
        pkce::CodeVerifier,
        resource::McpResource,
        scope::{Scope, ScopeSet},
    },
    secret::{Secret, SecretKind},
    settings::PublicUrl,
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

const KINDS: [SecretKind; 5] = [
    SecretKind::AccessToken,
    SecretKind::RefreshToken,
    SecretKind::AuthorizationCode,
    SecretKind::PublishableKey,
    SecretKind::ClientSecret,
];

/// Bytes that follow from a number.
struct Seeded(AtomicU64);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let last = self.0.load(Ordering::Relaxed);
            let next = last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.0.store(next, Ordering::Relaxed);
            *byte = next.to_be_bytes()[0];
        }
    }
}

/// JSON of a client's making: known fields with values of any shape.
fn metadata() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        select(vec![
            "https://client.example/cb",
            "http://localhost/cb",
            "none",
            "client_secret_basic",
            "private_key_jwt"
        ])
        .prop_map(str::to_owned),
        select(vec!["authorization_code", "refresh_token", "code", "token", "RS256", ""]).prop_map(str::to_owned),
    ];
    let plain = prop_oneof![
        4 => text.clone().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<f64>().prop_map(|number| json!(number)),
    ];
    let value = prop_oneof![plain.clone(), vec(plain, 0..12).prop_map(Value::from), Just(json!({"keys": []}))];
    let field = select(vec![
        "client_name",
        "redirect_uris",
        "token_endpoint_auth_method",
        "grant_types",
        "response_types",
        "jwks",
        "jwks_uri",
        "scope",
        "id_token_signed_response_alg",
    ]);
    let fields = vec((field, value), 0..8);
    (any::<bool>(), fields).prop_map(|(has_uri, fields)| {
        let mut document: Map<String, Value> =
            fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if has_uri {
            document.insert("redirect_uris".to_owned(), json!(["https://client.example/cb"]));
        }
        Value::Object(document)
    })
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop_oneof![
        3 => select(vec!["client_id", "redirect_uri", "state", "scope", "resource", "prompt", "max_age", "nonce"])
            .prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    vec((name, any::<String>()), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn what_was_generated_is_read_back_and_as_nothing_else(seed in any::<u64>()) {
        let entropy = Seeded(AtomicU64::new(seed));
        for kind in KINDS {
            let secret = Secret::generate(kind, &entropy);
            let read = Secret::parse(secret.expose()).unwrap();
            prop_assert!(read == secret && read.kind() == kind && secret.hash().matches(&read));
            for other in KINDS.into_iter().filter(|other| *other != kind) {
                prop_assert!(Secret::parse_as(other, secret.expose()).is_err());
            }
        }
    }

    #[test]
    fn a_token_with_one_wrong_character_is_no_token(seed in any::<u64>(), at in any::<prop::sample::Index>(), put in any::<char>()) {
        let secret = Secret::generate(SecretKind::AccessToken, &Seeded(AtomicU64::new(seed)));
        let mut letters: Vec<char> = secret.expose().chars().collect();
        let at = at.index(letters.len());
        let was = std::mem::replace(&mut letters[at], put);
        let changed: String = letters.into_iter().collect();
        prop_assert_eq!(Secret::parse(&changed).is_ok(), was == put);
        for wrong in [format!("{changed} "), format!(" {changed}"), secret.expose()[1..].to_owned(), secret.expose().repeat(2)] {
            prop_assert!(Secret::parse(&wrong).is_err());
        }
    }

    #[test]
    fn whatever_is_read_as_a_secret_is_kept_as_it_was_sent(text in prop_oneof![any::<String>(), "(vat|vrt|vac|pk|sk|vcs)_[0-9A-Za-z_]{0,60}"]) {
        if let Ok(secret) = Secret::parse(&text) {
            prop_assert_eq!(secret.expose(), text.as_str());
            prop_assert!(text.starts_with(secret.kind().prefix()) && text.is_ascii());
        }
    }

    #[test]
    fn metadata_that_is_taken_keeps_its_promises(document in metadata()) {
        if let Ok(metadata) = ClientMetadata::parse(&document) {
            prop_assert!((1..=MOST_REDIRECT_URIS).contains(&metadata.redirect_uris.len()));
            let sent = document["redirect_uris"].as_array().unwrap();
            prop_assert!(metadata.redirect_uris.iter().map(|uri| uri.as_str()).eq(sent.iter().filter_map(Value::as_str)));
            prop_assert!(!metadata.name.is_empty());
            // What is told to the client, sent again, is the same client.
            let told = json!({
                "client_name": metadata.name, "redirect_uris": sent,
                "token_endpoint_auth_method": metadata.auth_method.as_str(),
                "id_token_signed_response_alg": metadata.identity_token_algorithm.as_str(),
                "grant_types": if metadata.may_refresh { vec!["authorization_code", "refresh_token"] } else { vec!["authorization_code"] },
                "jwks": document["jwks"], "jwks_uri": document["jwks_uri"],
            });
            prop_assert_eq!(ClientMetadata::parse(&told), Ok(metadata));
        }
    }

    #[test]
    fn metadata_of_any_shape_is_refused_with_a_code_that_the_rfc_knows(document in prop_oneof![metadata(), any::<String>().prop_map(Value::from), Just(Value::Null)]) {
        if let Err(error) = ClientMetadata::parse(&document) {
            let code = error.code().as_str();
            prop_assert!(code == "invalid_redirect_uri" || code == "invalid_client_metadata");
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn a_resource_that_is_read_has_one_spelling(text in prop_oneof![
        any::<String>(), "https://visage\\.example(/mcp)?[/a-zA-Z0-9?#.%-]{0,20}", "[hH]ttps://[vV]isage.example/mcp/?",
    ]) {
        let public_url: PublicUrl = "https://visage.example".parse().unwrap();
        match McpResource::parse(&public_url, &text) {
            Ok(resource) => {
                let uri = resource.uri(&public_url);
                prop_assert_eq!(McpResource::parse(&public_url, &uri), Ok(resource.clone()));
                prop_assert_eq!(McpResource::from_path(&resource.path()), Some(resource));
                prop_assert!(uri.starts_with("https://visage.example/mcp"));
                let origin = text.get(.."https://visage.example".len()).unwrap();
                prop_assert!(origin.eq_ignore_ascii_case("https://visage.example"));
            }
            Err(error) => prop_assert!(error.sent.chars().count() <= 200),
        }
    }

    #[test]
    fn parameters_are_taken_once_each_and_never_with_a_nul(pairs in pairs()) {
        let has_nul = pairs.iter().any(|(_, value)| value.contains('\0'));
        let mut names: Vec<_> = pairs.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "resource").collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        match Parameters::new(pairs.clone()) {
            Ok(parameters) => {
                prop_assert!(!has_nul && names.len() == all);
                for (name, value) in &pairs {
                    if name != "resource" {
                        prop_assert_eq!(parameters.get(name), Some(value.as_str()).filter(|value| !value.is_empty()));
                    }
                }
            }
            Err(PageFault::Unreadable(name)) => prop_assert!(has_nul && !name.contains(char::is_control)),
            Err(PageFault::Duplicate(name)) => prop_assert!(names.len() < all && !name.contains(char::is_control)),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn scopes_are_a_set_however_they_are_written(text in prop_oneof![any::<String>(), "(openid|profile|email|offline_access|claudeai| |\t){0,9}"]) {
        let set = ScopeSet::parse(&text);
        prop_assert_eq!(ScopeSet::parse(&set.to_string()), set);
        for scope in Scope::ALL {
            prop_assert_eq!(set.contains(scope), text.split_whitespace().any(|word| word == scope.as_str()));
        }
    }

    #[test]
    fn a_verifier_has_the_length_and_letters_of_the_rfc(text in prop_oneof![any::<String>(), "[A-Za-z0-9._~ +/-]{40,132}"]) {
        let is_one = (43..=128).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        prop_assert_eq!(CodeVerifier::parse(&text).is_ok(), is_one);
    }

    #[test]
    fn only_a_linkedin_address_names_a_person(
        host in select(vec!["www.linkedin.com", "uk.linkedin.com", "linkedin.com", "linkedin.com.evil.example", "evil.example", "xlinkedin.com", "linkedin.com@evil.example"]),
        name in "[a-z0-9-]{0,12}", tail in select(vec!["", "/", "?trk=x", "#about", "/details/", "//"]),
    ) {
        if let Ok(found) = VanityName::parse_url(&format!("https://{host}/in/{name}{tail}")) {
            prop_assert!(host == "linkedin.com" || host.ends_with(".linkedin.com"), "{host}");
            prop_assert_eq!(found.as_str(), name.as_str());
            prop_assert_eq!(VanityName::parse_url(&found.profile_url()), Ok(found));
        }
    }

    #[test]
    fn what_a_linkedin_address_was_read_as_is_read_as_itself(text in prop_oneof![any::<String>(), "(https://)?(www\\.)?linkedin\\.com/[a-z/%0-9A-F?@._-]{0,40}"]) {
        if let Ok(name) = VanityName::parse_url(&text) {
            prop_assert_eq!(VanityName::parse_username(name.as_str()), Ok(name.clone()));
            prop_assert_eq!(VanityName::parse_url(&name.profile_url()), Ok(name));
        }
    }
}
