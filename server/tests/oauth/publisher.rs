//! What the consent page says of who asks: proof where there is proof, a plain warning where there is none.

use super::support::{House, Person, authorize_path};
use domain::oauth::client::ClientId;
use http::StatusCode;
use providers::http::{Answer, GuardedClient, Lookup, NetworkPolicy};
use serde_json::json;
use testkit::{Page, Site};

const CLAUDE: &str = "https://claude.ai/oauth/mcp-oauth-client-metadata";
const CLAUDE_CODE: &str = "https://claude.ai/oauth/claude-code-client-metadata";
const CALLBACK: &str = "https://claude.ai/api/mcp/auth_callback";

struct NoAddresses;

impl Lookup for NoAddresses {
    fn lookup(&self, _host: &str) -> Answer {
        Box::pin(async { Ok(Vec::new()) })
    }
}

async fn cut_off() -> House {
    House::start_reaching(GuardedClient::with_lookup(NetworkPolicy::Public, NoAddresses)).await
}

async fn consent(house: &House, person: &Person, client: &str, redirect_uri: &str) -> String {
    let asked = house.get(&authorize_path(client, &[("redirect_uri", redirect_uri)])).await;
    let page = house.page(person, &asked.location()).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page.text()
}

async fn registered(house: &House, name: &str, redirect_uri: &str) -> String {
    let metadata = json!({ "client_name": name, "redirect_uris": [redirect_uri] });
    house.post_json("/register", &[], &metadata).await.json()["client_id"].as_str().unwrap().to_owned()
}

/// As if the publisher's own host had served the document, which no test can be.
async fn have_it_served(house: &House, client: &str) {
    let mut client = store::client::find(&house.deps.store, &ClientId(client.to_owned())).await.unwrap().unwrap();
    client.document.as_mut().unwrap().is_pinned = false;
    let transaction = house.deps.store.begin().await.unwrap();
    store::client::update(&transaction, &client).await.unwrap();
    transaction.commit().await.unwrap();
}

#[track_caller]
fn assert_unproven(page: &str, words: &[&str]) {
    assert!(!page.contains("Verified publisher"), "{page}");
    for words in words {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn a_document_that_its_publisher_served_is_named_as_the_proof() {
    let house = cut_off().await;
    let person = house.person().await;
    let pinned = consent(&house, &person, CLAUDE, CALLBACK).await;
    assert!(pinned.contains("Verified publisher: claude.ai is Claude’s own address"), "{pinned}");
    have_it_served(&house, CLAUDE).await;
    let served = consent(&house, &person, CLAUDE, CALLBACK).await;
    assert!(served.contains("Verified publisher: claude.ai serves this app’s document"), "{served}");
    assert!(served.contains("Claude wants to look up profiles"), "{served}");
}

#[tokio::test]
async fn a_known_https_address_is_proof_whatever_the_client_calls_itself() {
    let house = House::start().await;
    let person = house.person().await;
    let client = registered(&house, "Visage Security Team", CALLBACK).await;
    let page = consent(&house, &person, &client, CALLBACK).await;
    assert!(page.contains("Verified publisher: claude.ai is Claude’s own address"), "{page}");
    assert!(!page.contains("Visage Security Team"), "{page}");
}

#[tokio::test]
async fn nothing_verifies_a_program_on_somebodys_computer() {
    let house = cut_off().await;
    let person = house.person().await;
    let own_name = registered(&house, "Claude Code", "http://localhost:54213/callback").await;
    let page = consent(&house, &person, &own_name, "http://localhost:54213/callback").await;
    assert_unproven(&page, &["Not verified", "runs on your computer", "only claimed", "named “Claude Code”"]);
    consent(&house, &person, CLAUDE_CODE, "http://localhost:54213/callback").await;
    have_it_served(&house, CLAUDE_CODE).await;
    let page = consent(&house, &person, CLAUDE_CODE, "http://localhost:54213/callback").await;
    assert_unproven(&page, &["Not verified", "claude.ai", "any program can name that document"]);
}

#[tokio::test]
async fn nothing_verifies_an_app_behind_a_private_scheme() {
    let house = House::start().await;
    let person = house.person().await;
    let uri = "cursor://anysphere.cursor-mcp/oauth/callback";
    let client = registered(&house, "Cursor", uri).await;
    let page = consent(&house, &person, &client, uri).await;
    assert_unproven(&page, &["Not verified", "cursor: links, which any app on your device can claim", "only claimed"]);
}

#[tokio::test]
async fn the_same_client_is_proven_by_one_of_its_addresses_and_not_by_another() {
    let house = House::start().await;
    let person = house.person().await;
    let (scheme, web) =
        ("cursor://anysphere.cursor-mcp/oauth/callback", "https://www.cursor.com/agents/mcp/oauth/callback");
    let metadata = json!({ "client_name": "Cursor", "redirect_uris": [scheme, web, "http://localhost:8787/callback"] });
    let told = house.post_json("/register", &[], &metadata).await.json();
    let client = told["client_id"].as_str().unwrap();
    assert!(consent(&house, &person, client, web).await.contains("Verified publisher: www.cursor.com"));
    assert_unproven(&consent(&house, &person, client, scheme).await, &["Not verified"]);
    assert_unproven(&consent(&house, &person, client, "http://localhost:8787/callback").await, &["Not verified"]);
}

#[tokio::test]
async fn a_host_that_nobody_knows_is_shown_in_full_with_a_warning() {
    let house = House::start().await;
    let person = house.person().await;
    for uri in ["https://claude.ai.evil.example/api/mcp/auth_callback", "https://xn--clude-xua.example/callback"] {
        let client = registered(&house, "Claude", uri).await;
        let page = consent(&house, &person, &client, uri).await;
        let host = uri.split('/').nth(2).unwrap();
        assert_unproven(&page, &["Not verified: we don’t know who runs", host, "only claimed", uri]);
    }
}

#[tokio::test]
async fn a_document_of_an_unknown_host_proves_that_host_and_tells_where_the_answer_goes() {
    let house = House::start_reaching(GuardedClient::new(NetworkPolicy::AllowLoopback)).await;
    let person = house.person().await;
    let site = Site::start().await.unwrap();
    let elsewhere = "https://collector.example/callback";
    for (path, uri) in [("/elsewhere.json", elsewhere), ("/claude.json", CALLBACK)] {
        let document = json!({ "client_id": site.url(path), "client_name": "Claude", "redirect_uris": [uri] });
        site.put(path, Page::json(document));
        let page = consent(&house, &person, &site.url(path), uri).await;
        let host = uri.split('/').nth(2).unwrap();
        let told = format!("its document is at 127.0.0.1, but the answer goes to {host}");
        assert_unproven(&page, &["Not verified", &told, "only claimed"]);
    }
}
