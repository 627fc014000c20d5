//! Clients that are named by the address of a document, at `/authorize` and `/token`.

use super::support::{CALLBACK, House, VERIFIER, authorize_path};
use axum::body::Body;
use domain::oauth::client::ClientId;
use http::{Method, Request, StatusCode};
use providers::http::{Answer, GuardedClient, Lookup, NetworkPolicy};
use serde_json::{Value, json};
use server::middleware::client_address::Peer;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use testkit::{Page, Signer, Site, corpus};

const CORPUS: &str = include_str!("../../../crates/providers/tests/corpora/ssrf_urls.txt");
const MCP: &str = "https://visage.example/mcp";

async fn reaching_this_machine() -> House {
    House::start_reaching(GuardedClient::new(NetworkPolicy::AllowLoopback)).await
}

fn document(site: &Site, path: &str, changes: &Value) -> Page {
    let mut document =
        json!({ "client_id": site.url(path), "client_name": "Documented app", "redirect_uris": [CALLBACK] });
    document.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    Page::json(document)
}

/// Finds no address for any name, and remembers the names.
#[derive(Default)]
struct NoAddresses(Mutex<Vec<String>>);

impl Lookup for NoAddresses {
    fn lookup(&self, host: &str) -> Answer {
        self.0.lock().unwrap().push(host.to_owned());
        Box::pin(async { Ok(Vec::new()) })
    }
}

#[tokio::test]
async fn a_document_is_as_good_as_a_registration() {
    let house = reaching_this_machine().await;
    let person = house.person().await;
    let site = Site::start().await.unwrap();
    site.put("/client.json", document(&site, "/client.json", &json!({})));
    let client = site.url("/client.json");
    let tokens = house.connect(&person, &client, &[("resource", MCP)], "openid profile offline_access").await;
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", client.as_str()),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    assert_eq!(house.post_form("/token", &[], &fields).await.status, StatusCode::OK);
    let revoking = [("token", tokens["access_token"].as_str().unwrap()), ("client_id", client.as_str())];
    assert_eq!(house.post_form("/revoke", &[], &revoking).await.status, StatusCode::OK);
    assert_eq!(site.asked("/client.json"), 1, "it is read once for the whole road");
}

#[tokio::test]
async fn what_is_no_document_gets_a_page_that_says_why_and_no_redirect() {
    let house = reaching_this_machine().await;
    let site = Site::start().await.unwrap();
    let private = json!({ "jwks": { "keys": [{ "kty": "EC", "d": "AAAA" }] } });
    for (path, page, words) in [
        (
            "/other",
            Page::json(json!({ "client_id": "https://claude.ai/x", "client_name": "x", "redirect_uris": [CALLBACK] })),
            "client_id is not",
        ),
        ("/large", document(&site, "/large", &json!({ "x": "y".repeat(17_000) })), "longer than"),
        (
            "/moved",
            document(&site, "/moved", &json!({})).with_status(302).with_header("location", "/client.json"),
            "redirects",
        ),
        ("/html", Page::of_type("text/html", "<html>"), "no JSON"),
        ("/gone", Page::json("{}").with_status(404), "404"),
        ("/nested", Page::json("[".repeat(16_000)), "no JSON object"),
        ("/secret", document(&site, "/secret", &json!({ "client_secret": "s" })), "client secret"),
        ("/private", document(&site, "/private", &private), "private key"),
        (
            "/shared",
            document(&site, "/shared", &json!({ "token_endpoint_auth_method": "client_secret_basic" })),
            "shared secret",
        ),
        (
            "/script",
            document(&site, "/script", &json!({ "redirect_uris": ["javascript:alert(1)//"] })),
            "of this scheme",
        ),
    ] {
        site.put(path, page);
        let answer = house.get(&authorize_path(&site.url(path), &[])).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.header("location"), "", "{path}");
        assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        assert!(answer.text().contains(words), "{path}: {}", answer.text());
        let code = [
            ("grant_type", "authorization_code"),
            ("client_id", &site.url(path)),
            ("code", "vac_x"),
            ("code_verifier", VERIFIER),
        ];
        assert_eq!(house.post_form("/token", &[], &code).await.oauth_error(), "401 invalid_client", "{path}");
    }
}

#[tokio::test]
async fn no_evil_identifier_is_fetched_from_anywhere_in_the_house() {
    let names = Arc::new(NoAddresses::default());
    let house = House::start_reaching(GuardedClient::with_lookup(NetworkPolicy::Public, Arc::clone(&names))).await;
    let evil = evil_urls();
    assert!(evil.len() > 60, "{}", evil.len());
    for url in evil {
        let answer = house.get(&authorize_path(&url, &[])).await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::BAD_REQUEST, ""), "{url}");
        let code =
            [("grant_type", "authorization_code"), ("client_id", &url), ("code", "x"), ("code_verifier", VERIFIER)];
        assert_eq!(house.post_form("/token", &[], &code).await.oauth_error(), "401 invalid_client", "{url}");
        // Claimed addresses are never followed, and keys are asked for only when a client signs.
        let metadata = json!({
            "redirect_uris": [CALLBACK], "client_uri": url, "logo_uri": url, "tos_uri": url, "policy_uri": url,
            "sector_identifier_uri": url, "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": url,
        });
        let answer = house.post_json("/register", &[], &metadata).await;
        if answer.status == StatusCode::CREATED {
            let signer = Signer::es256("a");
            let client = answer.json()["client_id"].as_str().unwrap().to_owned();
            let assertion = signer.sign(&assertion(&house, &client));
            let fields = [
                ("grant_type", "refresh_token"),
                ("refresh_token", "vrt_x"),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", assertion.as_str()),
            ];
            let refused = house.post_form("/token", &[], &fields).await;
            assert_eq!(refused.oauth_error(), "503 temporarily_unavailable", "{url}");
        }
    }
    assert_eq!(*names.0.lock().unwrap(), Vec::<String>::new());
}

fn assertion(house: &House, client: &str) -> Value {
    use domain::clock::Clock as _;
    let now = house.clock.now().as_seconds();
    json!({ "iss": client, "sub": client, "aud": "https://visage.example", "exp": now + 60, "jti": "1" })
}

/// The corpus' section of URLs that must all be refused.
fn evil_urls() -> Vec<String> {
    let rows = corpus::rows(CORPUS).filter(|(heading, ..)| heading.contains("every line must be refused"));
    rows.map(|(_, url, _)| url).collect()
}

#[tokio::test]
async fn an_address_that_is_new_in_the_document_is_found_by_reading_it_once_more() {
    let house = reaching_this_machine().await;
    let site = Site::start().await.unwrap();
    let new = "https://client.example/new";
    site.put("/client.json", document(&site, "/client.json", &json!({})));
    let client = site.url("/client.json");
    assert!(house.get(&authorize_path(&client, &[])).await.location().starts_with("/consent/"));
    site.put("/client.json", document(&site, "/client.json", &json!({ "redirect_uris": [CALLBACK, new] })));
    let asks_new = authorize_path(&client, &[("redirect_uri", new)]);
    // Not within the first minute: whoever sends wrong addresses must not have us knock each time.
    assert_eq!(house.get(&asks_new).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(site.asked("/client.json"), 1);
    house.clock.advance(Duration::from_secs(60));
    assert!(house.get(&asks_new).await.location().starts_with("/consent/"));
    assert_eq!(site.asked("/client.json"), 2);
    for _ in 0..3 {
        let wrong = authorize_path(&client, &[("redirect_uri", "https://evil.example/")]);
        assert_eq!(house.get(&wrong).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(site.asked("/client.json"), 2);
}

#[tokio::test]
async fn an_address_that_was_taken_out_of_the_document_is_no_longer_answered() {
    let house = reaching_this_machine().await;
    let person = house.person().await;
    let site = Site::start().await.unwrap();
    site.put("/client.json", document(&site, "/client.json", &json!({})));
    let client = site.url("/client.json");
    let request = house.pending(&client, MCP).await;
    site.put(
        "/client.json",
        document(&site, "/client.json", &json!({ "redirect_uris": ["https://client.example/new"] })),
    );
    house.clock.advance(Duration::from_secs(300));
    // Somebody else's request has the document read again; by an hour its copy would be old anyway.
    let other = authorize_path(&client, &[("redirect_uri", "https://client.example/new")]);
    assert!(house.get(&other).await.location().starts_with("/consent/"));
    let refused = house.decide(&person, &request, "authorize").await;
    assert_eq!((refused.status, refused.header("location")), (StatusCode::BAD_REQUEST, ""));
    assert!(refused.text().contains("Callback URL mismatch"), "{}", refused.text());
}

#[tokio::test]
async fn documents_are_asked_for_only_so_fast_from_one_address() {
    let house = House::start_reaching(GuardedClient::with_lookup(NetworkPolicy::Public, NoAddresses::default())).await;
    let ask = async |number: usize| {
        let path = authorize_path(&format!("https://h{number}.example.com/client.json"), &[]);
        let mut request = Request::builder().method(Method::GET).uri(path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(Peer([203, 0, 113, 7].into()));
        house.send(request).await
    };
    for number in 0..120 {
        assert_eq!(ask(number).await.status, StatusCode::BAD_REQUEST, "{number}");
    }
    let refused = ask(120).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
}

#[tokio::test]
async fn the_operators_own_entry_goes_before_a_document_and_a_document_before_a_registration() {
    let house = reaching_this_machine().await;
    let site = Site::start().await.unwrap();
    site.put("/client.json", document(&site, "/client.json", &json!({})));
    // Three ways to be known, and each identifier can be of one of them only.
    let entered = usecases::client::NewClient {
        logo_uri: None,
        name: "Entered".to_owned(),
        redirect_uris: vec![CALLBACK.to_owned()],
        is_confidential: false,
        identity_token_algorithm: None,
    };
    let operator = usecases::access::operator::at_command_line();
    let entered = usecases::client::add(&house.deps, &operator, entered).await.unwrap().client;
    let registered = house.client().await;
    for client in [entered.id.0.as_str(), &site.url("/client.json"), &registered] {
        assert!(house.get(&authorize_path(client, &[])).await.location().starts_with("/consent/"), "{client}");
    }
    // A registration can't take an identifier that it likes.
    let metadata = json!({ "client_id": site.url("/mine.json"), "client_name": "Mine", "redirect_uris": [CALLBACK] });
    let told = house.post_json("/register", &[], &metadata).await.json();
    assert!(told["client_id"].as_str().unwrap().starts_with("client_"));
    let named = store::client::find(&house.deps.store, &ClientId(site.url("/mine.json"))).await.unwrap();
    assert!(named.is_none());
}

#[tokio::test]
async fn a_document_that_offers_two_ways_is_taken_with_either() {
    let house = reaching_this_machine().await;
    let person = house.person().await;
    let site = Site::start().await.unwrap();
    let signer = Signer::rs256("a");
    let both = json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg": "RS256",
        "jwks": { "keys": [signer.jwk()] },
    });
    site.put("/client.json", document(&site, "/client.json", &both));
    let client = site.url("/client.json");
    house.connect(&person, &client, &[], "openid").await;
    let code = house.code(&person, &client, MCP).await;
    let redeem = async |assertion: &str| {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];
        house.post_form("/token", &[], &fields).await
    };
    let forged = Signer::es256("a").sign(&assertion(&house, &client));
    assert_eq!(redeem(&forged).await.oauth_error(), "401 invalid_client");
    assert_eq!(redeem(&signer.sign(&assertion(&house, &client))).await.status, StatusCode::OK);
}
