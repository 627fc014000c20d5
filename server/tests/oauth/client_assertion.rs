//! `private_key_jwt` (RFC 7523) at `/token` and `/revoke`: what proves a client, and every way in which it doesn't.

use super::support::{Answer, CALLBACK, House, Person, VERIFIER};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    clock::Clock as _,
    oauth::client::{ClientId, ClientKeys},
};
use http::StatusCode;
use providers::http::{GuardedClient, NetworkPolicy};
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{Page, Signer, Site};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const RESOURCE: &str = "https://visage.example/mcp";
const ISSUER: &str = "https://visage.example";

fn set(signers: &[&Signer]) -> Value {
    json!({ "keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>() })
}

/// A client that registered itself with these keys.
async fn register(house: &House, signers: &[&Signer]) -> String {
    let metadata = json!({
        "client_name": "Signing client", "redirect_uris": [CALLBACK],
        "token_endpoint_auth_method": "private_key_jwt", "jwks": set(signers),
    });
    let answer = house.post_json("/register", &[], &metadata).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let told = answer.json();
    assert_eq!((&told["jwks"], told.get("client_secret")), (&set(signers), None));
    told["client_id"].as_str().unwrap().to_owned()
}

fn claims(house: &House, client: &str, id: &str) -> Value {
    let now = house.clock.now().as_seconds();
    json!({ "iss": client, "sub": client, "aud": ISSUER, "exp": now + 60, "iat": now, "jti": id })
}

async fn redeem(house: &House, person: &Person, client: &str, fields: &[(&str, &str)]) -> Answer {
    let code = house.code(person, client, RESOURCE).await;
    let mut all = vec![
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ];
    all.extend_from_slice(fields);
    house.post_form("/token", &[], &all).await
}

async fn present(house: &House, person: &Person, client: &str, assertion: &str) -> Answer {
    redeem(house, person, client, &[("client_assertion_type", TYPE), ("client_assertion", assertion)]).await
}

#[tokio::test]
async fn every_algorithm_that_the_metadata_lists_proves_a_client() {
    let house = House::start().await;
    let person = house.person().await;
    let metadata = house.get("/.well-known/oauth-authorization-server").await.json();
    let mut proven = Vec::new();
    for (algorithm, signer) in
        [("ES256", Signer::es256("a")), ("RS256", Signer::rs256("b")), ("EdDSA", Signer::ed_dsa("c"))]
    {
        let client = register(&house, &[&signer]).await;
        let answer = present(&house, &person, &client, &signer.sign(&claims(&house, &client, "1"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{algorithm}: {}", answer.text());
        proven.push(algorithm);
        let again = signer.sign(&claims(&house, &client, "2"));
        let fields = [
            ("token", answer.json()["access_token"].as_str().unwrap().to_owned()),
            ("client_assertion_type", TYPE.to_owned()),
            ("client_assertion", again),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(house.post_form("/revoke", &[], &fields).await.status, StatusCode::OK);
    }
    assert_eq!(metadata["token_endpoint_auth_signing_alg_values_supported"], json!(proven));
    assert_eq!(metadata["revocation_endpoint_auth_signing_alg_values_supported"], json!(proven));
}

#[tokio::test]
async fn an_assertion_is_taken_once_also_at_another_endpoint() {
    let house = House::start().await;
    let person = house.person().await;
    let signer = Signer::es256("a");
    let client = register(&house, &[&signer]).await;
    let assertion = signer.sign(&claims(&house, &client, "once"));
    assert_eq!(present(&house, &person, &client, &assertion).await.status, StatusCode::OK);
    let replayed = present(&house, &person, &client, &assertion).await;
    assert_eq!(replayed.oauth_error(), "401 invalid_client");
    assert!(replayed.text().contains("used before"), "{}", replayed.text());
    let fields = [("token", "vat_x"), ("client_assertion_type", TYPE), ("client_assertion", assertion.as_str())];
    assert_eq!(house.post_form("/revoke", &[], &fields).await.oauth_error(), "401 invalid_client");
    // The same `jti` in a new assertion is a replay as well.
    house.clock.advance(Duration::from_secs(1));
    let renewed = signer.sign(&claims(&house, &client, "once"));
    assert_eq!(present(&house, &person, &client, &renewed).await.oauth_error(), "401 invalid_client");
}

#[tokio::test]
async fn its_audience_is_the_issuer_and_nothing_else() {
    let house = House::start().await;
    let person = house.person().await;
    let signer = Signer::es256("a");
    let client = register(&house, &[&signer]).await;
    for (number, audience) in [
        json!("https://visage.example/token"),
        json!("https://visage.example/"),
        json!("https://visage.example/mcp"),
        json!(["https://visage.example", "https://visage.example/token"]),
        json!(["https://visage.example", "https://evil.example"]),
        json!("https://evil.example"),
        Value::Null,
    ]
    .into_iter()
    .enumerate()
    {
        let mut told = claims(&house, &client, &number.to_string());
        told["aud"] = audience.clone();
        let refused = present(&house, &person, &client, &signer.sign(&told)).await;
        assert_eq!(refused.oauth_error(), "401 invalid_client", "{audience}");
        assert!(refused.text().contains("aud must be the issuer"), "{audience}: {}", refused.text());
    }
    let mut listed = claims(&house, &client, "listed");
    listed["aud"] = json!([ISSUER]);
    assert_eq!(present(&house, &person, &client, &signer.sign(&listed)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_old_a_far_sighted_and_an_early_assertion_prove_nothing() {
    let house = House::start().await;
    let person = house.person().await;
    let signer = Signer::es256("a");
    let client = register(&house, &[&signer]).await;
    let now = house.clock.now().as_seconds();
    for (name, value) in [
        ("exp", json!(now - 61)),
        ("exp", json!(now + 3_600)),
        ("exp", Value::Null),
        ("exp", json!("soon")),
        ("nbf", json!(now + 120)),
        ("iat", json!(now + 120)),
        ("jti", Value::Null),
        ("iss", json!("https://visage.example")),
        ("sub", json!("client_of_somebody_else")),
    ] {
        let mut told = claims(&house, &client, "1");
        if value.is_null() {
            told.as_object_mut().unwrap().remove(name);
        } else {
            told[name] = value.clone();
        }
        let refused = present(&house, &person, &client, &signer.sign(&told)).await;
        assert_eq!(refused.oauth_error(), "401 invalid_client", "{name}: {value}");
    }
}

#[tokio::test]
async fn no_header_talks_the_server_into_another_key_or_algorithm() {
    let house = House::start().await;
    let person = house.person().await;
    let (own, foreign, twin) = (Signer::es256("own"), Signer::es256("foreign"), Signer::es256("own"));
    let rsa = Signer::rs256("rsa");
    let client = register(&house, &[&own, &rsa]).await;
    let good = claims(&house, &client, "1");
    let none = json!({ "alg": "none" });
    let embedded = json!({ "alg": "ES256", "jwk": foreign.jwk() });
    let remote = json!({ "alg": "ES256", "kid": "foreign", "jku": "https://evil.example/keys", "x5u": "https://evil.example/c" });
    let critical = json!({ "alg": "ES256", "kid": "own", "crit": ["b64"], "b64": false });
    let signature = foreign.sign(&good).rsplit_once('.').map(|(_, text)| text.to_owned()).unwrap();
    let with_signature = |header: &Value| {
        let unsigned = own.sign_as(header, &good, b"");
        format!("{unsigned}{signature}")
    };
    for (what, assertion) in [
        ("no signature", own.sign_as(&none, &good, b"")),
        ("upper-case none", own.sign_as(&json!({ "alg": "NONE" }), &good, b"")),
        ("the public key as a shared secret", own.sign_with_shared_secret(&good)),
        ("another algorithm's key", own.sign_as(&json!({ "alg": "RS256", "kid": "own" }), &good, &[1; 256])),
        ("this algorithm with another's key", own.sign_as(&json!({ "alg": "ES256", "kid": "rsa" }), &good, &[1; 64])),
        ("zeros", own.sign_as(&json!({ "alg": "ES256", "kid": "own" }), &good, &[0; 64])),
        ("a stranger's key", foreign.sign(&good)),
        ("a stranger's key under our client's name for one", twin.sign(&good)),
        ("a key within the header", with_signature(&embedded)),
        ("a key somewhere else", with_signature(&remote)),
        ("an extension that must be understood", with_signature(&critical)),
        (
            "a token of another kind",
            own.sign_as(&json!({ "alg": "ES256", "kid": "own", "typ": "at+jwt" }), &good, b"x"),
        ),
        ("no token", "x.y.z".to_owned()),
    ] {
        let refused = present(&house, &person, &client, &assertion).await;
        assert_eq!(refused.oauth_error(), "401 invalid_client", "{what}");
    }
    assert_eq!(present(&house, &person, &client, &own.sign(&good)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_signing_client_proves_itself_in_one_way_and_no_other() {
    let house = House::start().await;
    let person = house.person().await;
    let signer = Signer::es256("a");
    let client = register(&house, &[&signer]).await;
    let public = house.client().await;
    let assertion = |id: &str| signer.sign(&claims(&house, &client, id));
    let basic = format!("Basic {}", STANDARD.encode(format!("{client}:vcs_x")));

    let unproven = redeem(&house, &person, &client, &[("client_id", &client)]).await;
    assert_eq!(unproven.oauth_error(), "401 invalid_client");
    for fields in [
        vec![("client_assertion_type", TYPE), ("client_assertion", &assertion("1")), ("client_secret", "vcs_x")],
        vec![("client_assertion", &assertion("2"))],
        vec![("client_assertion_type", TYPE), ("client_id", &client)],
        vec![
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
            ("client_assertion", "x"),
        ],
    ] {
        let refused = redeem(&house, &person, &client, &fields).await;
        assert_eq!(refused.oauth_error(), "400 invalid_request", "{fields:?}");
    }
    let both = [("client_assertion_type", TYPE), ("client_assertion", &assertion("3")), ("token", "x")];
    let refused = house.post_form("/revoke", &[("authorization", &basic)], &both).await;
    assert_eq!(refused.oauth_error(), "400 invalid_request");
    // Another client's name beside it, and another client's code below it.
    let fields = [("client_assertion_type", TYPE), ("client_assertion", &assertion("4")), ("client_id", &public)];
    assert_eq!(redeem(&house, &person, &client, &fields).await.oauth_error(), "401 invalid_client");
    let stolen = present(&house, &person, &public, &assertion("5")).await;
    assert_eq!(stolen.oauth_error(), "400 invalid_grant");
}

#[tokio::test]
async fn published_keys_rotate_and_are_never_asked_for_too_often() {
    let house = House::start_reaching(GuardedClient::new(NetworkPolicy::AllowLoopback)).await;
    let person = house.person().await;
    let (old, new) = (Signer::es256("old"), Signer::es256("new"));
    let client = register(&house, &[&old]).await;
    let site = Site::start().await.unwrap();
    site.put("/keys", Page::json(set(&[&old])));
    publish_at(&house, &client, &site.url("/keys")).await;
    let present_by = async |signer: &Signer, id: &str| {
        present(&house, &person, &client, &signer.sign(&claims(&house, &client, id))).await
    };
    assert_eq!(present_by(&old, "1").await.status, StatusCode::OK);
    site.put("/keys", Page::json(set(&[&new])));
    for id in ["2", "3", "4"] {
        assert_eq!(present_by(&new, id).await.oauth_error(), "401 invalid_client");
    }
    assert_eq!(site.asked("/keys"), 1);
    house.clock.advance(Duration::from_secs(30));
    assert_eq!(present_by(&new, "5").await.status, StatusCode::OK);
    assert_eq!(present_by(&old, "6").await.oauth_error(), "401 invalid_client");
    assert_eq!(site.asked("/keys"), 2);
}

#[tokio::test]
async fn keys_that_cannot_be_read_are_our_trouble_and_not_the_clients() {
    let house = House::start().await;
    let person = house.person().await;
    let signer = Signer::es256("a");
    let client = register(&house, &[&signer]).await;
    let site = Site::start().await.unwrap();
    site.put("/keys", Page::json(set(&[&signer])));
    publish_at(&house, &client, &site.url("/keys")).await;
    let answer = present(&house, &person, &client, &signer.sign(&claims(&house, &client, "1"))).await;
    assert_eq!(answer.oauth_error(), "503 temporarily_unavailable");
    assert_eq!(site.asked("/keys"), 0, "an address inside our network was asked");
}

/// Has the client's keys lie at this address from now on.
async fn publish_at(house: &House, client: &str, uri: &str) {
    let id = ClientId(client.to_owned());
    let mut client = store::client::find(&house.deps.store, &id).await.unwrap().unwrap();
    client.keys = Some(ClientKeys::Uri(uri.to_owned()));
    let transaction = house.deps.store.begin().await.unwrap();
    store::client::update(&transaction, &client).await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn a_registration_that_shows_a_private_key_is_refused() {
    let house = House::start().await;
    let mut private = Signer::es256("a").jwk();
    private["d"] = json!("AAAA");
    for keys in [
        json!({ "jwks": { "keys": [private] } }),
        json!({ "jwks": { "keys": [{ "kty": "oct", "k": "AAAA" }] } }),
        json!({ "jwks": { "keys": [] } }),
        json!({ "jwks_uri": "http://client.example/keys" }),
        json!({ "jwks_uri": "https://client.example/keys", "jwks": set(&[&Signer::es256("a")]) }),
        json!({}),
    ] {
        let mut metadata = json!({ "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "private_key_jwt" });
        metadata.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        let refused = house.post_json("/register", &[], &metadata).await;
        assert_eq!(refused.oauth_error(), "400 invalid_client_metadata", "{keys}");
    }
}
