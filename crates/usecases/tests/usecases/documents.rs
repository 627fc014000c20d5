//! Clients that are named by the address of a document: read, kept, read again, and done without.

use crate::house::House;
use domain::oauth::client::{AuthMethod, Client, ClientId, DocumentCopy, Registration};
use providers::http::{Answer, GuardedClient, Lookup, NetworkPolicy};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use store::Store;
use testkit::{Page, Site, corpus, on_both_databases};
use tokio::task::JoinSet;
use usecases::client::{ResolveError, resolve};

const PATH: &str = "/client.json";
const CLAUDE: &str = "https://claude.ai/oauth/mcp-oauth-client-metadata";
const CORPUS: &str = include_str!("../../../providers/tests/corpora/ssrf_urls.txt");

/// A house that reaches stand-ins on this machine.
fn house(store: Store) -> House {
    let mut house = House::new(store);
    house.deps.network = GuardedClient::new(NetworkPolicy::AllowLoopback);
    house
}

fn document(url: &str, changes: &Value) -> Value {
    let mut document =
        json!({ "client_id": url, "client_name": "App", "redirect_uris": ["https://app.example/callback"] });
    for (name, value) in changes.as_object().unwrap() {
        document[name] = value.clone();
    }
    document
}

/// A site with a good document, and the document's address.
async fn publisher() -> (Site, String) {
    let site = Site::start().await.unwrap();
    let url = site.url(PATH);
    site.put(PATH, Page::json(document(&url, &json!({}))));
    (site, url)
}

async fn resolved(house: &House, url: &str) -> Result<Client, String> {
    match resolve(&house.deps, &ClientId(url.to_owned())).await {
        Ok(client) => client.ok_or_else(|| "nobody".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The corpus' section of URLs that must all be refused.
fn evil_urls() -> Vec<String> {
    let rows = corpus::rows(CORPUS).filter(|(heading, ..)| heading.contains("every line must be refused"));
    rows.map(|(_, url, _)| url).collect()
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

/// A house for which every other host is away, and the names that it looked up.
fn cut_off(store: Store) -> (House, Arc<NoAddresses>) {
    let mut house = House::new(store);
    let names = Arc::new(NoAddresses::default());
    house.deps.network = GuardedClient::with_lookup(NetworkPolicy::Public, Arc::clone(&names));
    (house, names)
}

async fn write(store: &Store, client: &Client) {
    let transaction = store.begin().await.unwrap();
    store::client::update(&transaction, client).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Finds no address for any name either, and while it is asked another process reads the document.
struct ReadElsewhere {
    store: Store,
    as_read: Client,
}

impl Lookup for ReadElsewhere {
    fn lookup(&self, _: &str) -> Answer {
        let (store, as_read) = (self.store.clone(), self.as_read.clone());
        Box::pin(async move {
            write(&store, &as_read).await;
            Ok(Vec::new())
        })
    }
}

on_both_databases! {
    async fn a_document_makes_a_client_that_is_kept(store: Store) {
        let house = house(store);
        let (site, url) = publisher().await;
        let client = resolved(&house, &url).await.unwrap();
        assert_eq!((client.id.0.as_str(), client.registration), (url.as_str(), Registration::MetadataDocument));
        assert_eq!(client.auth_method, AuthMethod::None);
        assert_eq!(resolved(&house, &url).await, Ok(client));
        assert_eq!(site.asked(PATH), 1);
        assert!(house.audit_of_server().await.iter().any(|(_, action)| *action == "client.registered"));
    }

    async fn a_copy_is_read_again_when_its_time_is_over_and_no_sooner_than_in_five_minutes(store: Store) {
        let house = house(store);
        let (site, url) = publisher().await;
        for (cache_control, seconds) in
            [("no-store", 300), ("max-age=0", 300), ("max-age=900", 900), ("max-age=31536000", 86_400), ("", 3_600)]
        {
            site.put(PATH, Page::json(document(&url, &json!({}))).with_header("cache-control", cache_control));
            house.clock.advance(Duration::from_secs(86_400));
            resolved(&house, &url).await.unwrap();
            let asked = site.asked(PATH);
            house.clock.advance(Duration::from_secs(seconds - 1));
            resolved(&house, &url).await.unwrap();
            assert_eq!(site.asked(PATH), asked, "{cache_control}");
            house.clock.advance(Duration::from_secs(1));
            resolved(&house, &url).await.unwrap();
            assert_eq!(site.asked(PATH), asked + 1, "{cache_control}");
        }
    }

    async fn what_a_document_says_anew_counts_and_is_audited(store: Store) {
        let house = house(store);
        let (site, url) = publisher().await;
        resolved(&house, &url).await.unwrap();
        let changes = json!({ "client_name": "Renamed", "redirect_uris": ["https://app.example/new"] });
        site.put(PATH, Page::json(document(&url, &changes)));
        house.clock.advance(Duration::from_secs(3_600));
        let client = resolved(&house, &url).await.unwrap();
        assert_eq!((client.name.as_str(), client.redirect_uris[0].as_str()), ("Renamed", "https://app.example/new"));
        assert!(house.audit_of_server().await.iter().any(|(_, action)| *action == "client.document_changed"));
    }

    async fn a_copy_outlives_its_host_by_a_week_and_no_longer(store: Store) {
        let house = house(store);
        let (site, url) = publisher().await;
        resolved(&house, &url).await.unwrap();
        site.put(PATH, Page::json("busy").with_status(503));
        house.clock.advance(Duration::from_secs(7 * 86_400 - 1));
        assert!(resolved(&house, &url).await.is_ok());
        house.clock.advance(Duration::from_secs(301));
        assert!(resolved(&house, &url).await.is_err());
    }

    async fn a_document_that_was_taken_back_or_spoilt_serves_no_longer(store: Store) {
        let house = house(store);
        let (site, url) = publisher().await;
        resolved(&house, &url).await.unwrap();
        site.put(PATH, Page::json(document("https://somebody.example/else.json", &json!({}))));
        house.clock.advance(Duration::from_secs(3_600));
        assert!(resolved(&house, &url).await.is_err());
    }

    async fn a_failure_is_remembered_for_half_a_minute_only(store: Store) {
        let house = house(store);
        let (site, url) = publisher().await;
        site.put(PATH, Page::json("away").with_status(503));
        for _ in 0..3 {
            assert!(resolved(&house, &url).await.is_err());
        }
        assert_eq!(site.asked(PATH), 1);
        site.put(PATH, Page::json(document(&url, &json!({}))));
        house.clock.advance(Duration::from_secs(30));
        assert!(resolved(&house, &url).await.is_ok());
    }

    async fn of_many_who_ask_at_once_one_reads(store: Store) {
        let house = house(store);
        let (site, url) = publisher().await;
        let mut tasks = JoinSet::new();
        for _ in 0..16 {
            let (deps, id) = (house.deps.clone(), ClientId(url.clone()));
            tasks.spawn(async move { resolve(&deps, &id).await.unwrap().unwrap().id });
        }
        assert!(tasks.join_all().await.iter().all(|id| id.0 == url));
        assert_eq!(site.asked(PATH), 1);
    }

    async fn what_is_no_document_makes_no_client(store: Store) {
        let house = house(store);
        let (site, _) = publisher().await;
        let good = |path: &str| Page::json(document(&site.url(path), &json!({})));
        let with = |path: &str, changes: Value| Page::json(document(&site.url(path), &changes));
        let key = json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "d": "AA" });
        let nested = format!("{}{}", "[".repeat(7_000), "]".repeat(7_000));
        for (path, page, words) in [
            ("/other-id", Page::json(document("https://app.example/client.json", &json!({}))), "client_id is not"),
            ("/large", with("/large", json!({ "policy_uri": "x".repeat(17_000) })), "longer"),
            ("/moved", good("/moved").with_status(302).with_header("location", &site.url(PATH)), "redirect"),
            ("/html", Page::of_type("text/html", document(&site.url("/html"), &json!({}))), "JSON"),
            ("/untyped", Page::of_type("", document(&site.url("/untyped"), &json!({}))), "JSON"),
            ("/error", good("/error").with_status(404), "404"),
            ("/created", good("/created").with_status(201), "201"),
            ("/packed", good("/packed").with_header("content-encoding", "gzip"), "compress"),
            ("/broken", Page::json("{"), "JSON object"),
            ("/list", Page::json("[]"), "JSON object"),
            ("/nested", Page::json(&nested), "JSON object"),
            ("/deep", Page::json(format!("{{\"client_id\":{nested}}}")), "JSON object"),
            ("/secret", with("/secret", json!({ "client_secret": "s" })), "client secret"),
            ("/private", with("/private", json!({ "jwks": { "keys": [key] } })), "private key"),
            ("/shared", with("/shared", json!({ "token_endpoint_auth_method": "client_secret_post" })), "shared secret"),
            ("/nameless", with("/nameless", json!({ "client_name": "" })), "client_name"),
            ("/nowhere", with("/nowhere", json!({ "redirect_uris": [] })), "redirect URI is missing"),
            ("/script", with("/script", json!({ "redirect_uris": ["javascript:alert(1)"] })), "of this scheme"),
            ("/plain", with("/plain", json!({ "redirect_uris": ["http://app.example/cb"] })), "use https"),
        ] {
            site.put(path, page);
            let refused = resolved(&house, &site.url(path)).await;
            let Err(reason) = refused else { panic!("{path} made a client") };
            assert!(reason.contains(words), "{path}: {reason}");
            assert!(store::client::find(&house.deps.store, &ClientId(site.url(path))).await.unwrap().is_none());
        }
        assert_eq!(site.asked(PATH), 0, "a redirect was followed");
    }

    async fn a_host_that_never_ends_is_left_after_five_seconds(store: Store) {
        let house = house(store);
        let (site, url) = publisher().await;
        site.put(PATH, Page::json(document(&url, &json!({}))).that_stalls());
        let reason = resolved(&house, &url).await.unwrap_err();
        assert!(reason.contains("in time"), "{reason}");
    }

    async fn no_evil_url_is_a_client_and_none_is_even_looked_up(store: Store) {
        let (house, names) = cut_off(store);
        let urls = evil_urls();
        assert!(urls.len() > 60, "{}", urls.len());
        for url in urls {
            assert!(resolved(&house, &url).await.is_err(), "{url}");
        }
        assert_eq!(*names.0.lock().unwrap(), Vec::<String>::new());
    }

    async fn a_document_inside_our_network_is_never_asked_for(store: Store) {
        let house = House::new(store);
        let (site, url) = publisher().await;
        assert!(resolved(&house, &url).await.is_err());
        let https = url.replace("http://127.0.0.1", "https://localhost");
        assert!(resolved(&house, &https).await.is_err());
        assert_eq!(site.asked(PATH), 0);
    }

    async fn well_known_documents_that_cannot_be_read_are_known_all_the_same(store: Store) {
        let (house, names) = cut_off(store);
        let client = resolved(&house, CLAUDE).await.unwrap();
        assert!(client.document.is_some_and(|copy| copy.is_pinned));
        assert_eq!(*names.0.lock().unwrap(), ["claude.ai"]);
        // For an hour nobody tries again; then the document itself has another chance.
        house.clock.advance(Duration::from_secs(3_599));
        resolved(&house, CLAUDE).await.unwrap();
        assert_eq!(names.0.lock().unwrap().len(), 1);
        house.clock.advance(Duration::from_secs(1));
        resolved(&house, CLAUDE).await.unwrap();
        assert_eq!(names.0.lock().unwrap().len(), 2);
        let unknown = "https://app.example.com/client.json".to_owned();
        let error = resolve(&house.deps, &ClientId(unknown)).await;
        assert!(matches!(error, Err(ResolveError::Document { host, .. }) if host == "app.example.com"));
    }

    async fn an_earlier_copy_of_their_own_goes_before_the_one_that_came_with_us(store: Store) {
        let (house, _) = cut_off(store);
        let mut client = resolved(&house, CLAUDE).await.unwrap();
        client.name = "Claude of today".to_owned();
        client.document.as_mut().unwrap().is_pinned = false;
        write(&house.deps.store, &client).await;
        house.clock.advance(Duration::from_secs(86_400));
        assert_eq!(resolved(&house, CLAUDE).await.unwrap().name, "Claude of today");
        house.clock.advance(Duration::from_secs(6 * 86_400));
        assert_eq!(resolved(&house, CLAUDE).await.unwrap().name, "Claude");
    }

    async fn what_another_process_read_meanwhile_is_not_undone_by_one_that_could_not(store: Store) {
        let (mut house, _) = cut_off(store.clone());
        for was_pinned in [false, true] {
            let mut earlier = resolved(&house, CLAUDE).await.unwrap();
            earlier.document.as_mut().unwrap().is_pinned = was_pinned;
            write(&store, &earlier).await;
            house.clock.advance(Duration::from_secs(86_400));
            let now = house.deps.now();
            let copy = DocumentCopy { fetched_at: now, fresh_until: now.plus(Duration::from_secs(900)), is_pinned: false };
            let name = format!("Claude of today, {was_pinned}");
            let as_read = Client { name, document: Some(copy), ..earlier };
            let lookup = ReadElsewhere { store: store.clone(), as_read: as_read.clone() };
            house.deps.network = GuardedClient::with_lookup(NetworkPolicy::Public, lookup);
            assert_eq!(resolved(&house, CLAUDE).await, Ok(as_read.clone()));
            assert_eq!(store::client::find(&store, &as_read.id).await.unwrap(), Some(as_read));
        }
    }
}
