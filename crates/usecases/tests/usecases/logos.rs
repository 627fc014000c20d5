//! Logos of clients: fetched where somebody vouches for the client, kept, and done without.

use crate::house::{CALLBACK, House};
use domain::{
    avatar::PhotoId,
    oauth::{
        client::Client,
        client_document::Reach,
        logo::{LOGO_SIZE, LogoUri},
    },
};
use providers::http::{Answer, GuardedClient, Lookup, NetworkPolicy};
use serde_json::json;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use store::Store;
use testkit::{Page, Site, on_both_databases};
use usecases::{
    access::operator::at_command_line,
    authorize,
    client::{self, NewClient, RegisterError},
    client_policy::{self, Search},
    workspace::Member,
};

const PATH: &str = "/logo.png";
const CLAUDES: &str = "https://claude.ai/logo.png";

/// Finds no address for any name, and remembers the names.
#[derive(Default)]
struct Names(Mutex<Vec<String>>);

impl Lookup for Names {
    fn lookup(&self, host: &str) -> Answer {
        self.0.lock().unwrap().push(host.to_owned());
        Box::pin(async { Ok(Vec::new()) })
    }
}

/// A house that reaches stand-ins on this machine.
fn house(store: Store) -> House {
    let mut house = House::new(store);
    house.deps.network = GuardedClient::new(NetworkPolicy::AllowLoopback);
    house
}

/// A drawn picture: any PNG that is valid.
fn png(name: &str) -> Page {
    Page::of_bytes("image/png", avatar::initials_png(name, name, 256).unwrap())
}

async fn site(page: Page) -> Site {
    let site = Site::start().await.unwrap();
    site.put(PATH, page);
    site
}

/// An app that the operator entered with this logo; its answers go to a site that nobody knows.
async fn entered(house: &House, name: &str, logo: &str) -> Result<Client, RegisterError> {
    let new = NewClient {
        name: name.to_owned(),
        redirect_uris: vec!["https://intranet.example/callback".to_owned()],
        is_confidential: false,
        identity_token_algorithm: None,
        logo_uri: Some(logo.to_owned()),
    };
    let added = client::add(&house.deps, &at_command_line(), new).await;
    house.deps.logos.settle().await;
    added.map(|added| added.client)
}

/// The logo on the page of all clients.
async fn shown(house: &House, client: &Client) -> Option<PhotoId> {
    let line = client_policy::client(&house.deps, &at_command_line(), &client.id).await.unwrap();
    line.unwrap().logo
}

async fn registered(house: &House, logo: &str, callback: &str) -> Client {
    let document = json!({ "client_name": "Claude", "redirect_uris": [callback], "logo_uri": logo });
    let client = client::register(&house.deps, &document).await.unwrap().client;
    house.deps.logos.settle().await;
    client
}

fn uri(text: &str) -> LogoUri {
    LogoUri::parse(text, Reach::Public).unwrap()
}

/// As if the picture had been fetched a moment ago.
async fn keep(house: &House, logo: &str, picture: &PhotoId) {
    let now = house.deps.now();
    let transaction = house.deps.store.begin().await.unwrap();
    let is_first = store::client_logo::claim(&transaction, &uri(logo), now, now).await.unwrap();
    assert!(is_first, "{logo}");
    store::client_logo::keep(&transaction, &uri(logo), picture).await.unwrap();
    transaction.commit().await.unwrap();
}

on_both_databases! {
    async fn the_logo_of_an_app_that_the_operator_entered_is_fetched_once_a_day_and_kept(store: Store) {
        let (house, site) = (house(store), site(png("Ledger")).await);
        let first = entered(&house, "Ledger", &site.url(PATH)).await.unwrap();
        let second = entered(&house, "Ledger (test)", &site.url(PATH)).await.unwrap();
        assert_eq!(site.asked(PATH), 1);
        let picture = shown(&house, &first).await.unwrap();
        assert_eq!(shown(&house, &second).await.as_ref(), Some(&picture));
        let kept = usecases::avatar::file(&house.deps, &picture, LOGO_SIZE).await.unwrap().unwrap();
        assert!(kept.starts_with(&[0xff, 0xd8, 0xff]), "it is written anew, as JPEG");
        house.clock.advance(Duration::from_secs(86_400));
        site.put(PATH, png("New face"));
        entered(&house, "Ledger (third)", &site.url(PATH)).await.unwrap();
        assert_eq!(site.asked(PATH), 2);
        assert!(shown(&house, &first).await.is_some_and(|now| now != picture));
    }

    async fn a_logo_that_can_not_be_had_is_done_without_and_left_alone_for_a_day(store: Store) {
        let house = house(store);
        let inside = site(png("Secret")).await;
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        for (name, page) in [
            ("missing", png("x").with_status(404)),
            ("elsewhere", png("x").with_status(302).with_header("location", &inside.url(PATH))),
            ("metadata", png("x").with_status(302).with_header("location", "http://169.254.169.254/logo.png")),
            ("huge", Page::of_bytes("image/png", vec![0; 10 << 20])),
            ("drawn", Page::of_type("image/svg+xml", svg)),
            ("page", Page::of_type("image/png", "<!doctype html><p>logo</p>")),
            ("packed", png("x").with_header("content-encoding", "gzip")),
        ] {
            let site = site(page).await;
            let client = entered(&house, name, &site.url(PATH)).await.unwrap();
            assert_eq!((shown(&house, &client).await, site.asked(PATH)), (None, 1), "{name}");
            site.put(PATH, png("x"));
            let again = entered(&house, &format!("{name} again"), &site.url(PATH)).await.unwrap();
            assert_eq!((shown(&house, &again).await, site.asked(PATH)), (None, 1), "{name}");
            house.clock.advance(Duration::from_secs(86_400));
            entered(&house, &format!("{name} at last"), &site.url(PATH)).await.unwrap();
            assert!(shown(&house, &client).await.is_some(), "{name}");
        }
        assert_eq!(inside.asked(PATH), 0);
    }

    async fn nothing_waits_for_a_logo_that_does_not_come(store: Store) {
        let (house, site) = (house(store), site(png("Slow").that_stalls()).await);
        let new = |number: usize| NewClient {
            name: format!("Slow {number}"),
            redirect_uris: vec!["https://intranet.example/callback".to_owned()],
            is_confidential: false,
            identity_token_algorithm: None,
            logo_uri: Some(site.url(&format!("{PATH}?{number}"))),
        };
        // More than may be under way at once; none of them ends before its time is up.
        for number in 0..8 {
            let added = client::add(&house.deps, &at_command_line(), new(number)).await.unwrap();
            assert_eq!(shown(&house, &added.client).await, None);
        }
    }

    async fn a_changed_address_does_not_show_the_picture_of_the_old_one(store: Store) {
        let (house, site) = (house(store), site(png("Old")).await);
        site.put("/new.png", png("New"));
        let mut client = entered(&house, "Ledger", &site.url(PATH)).await.unwrap();
        let old = shown(&house, &client).await.unwrap();
        client.logo_uri = LogoUri::parse(&site.url("/new.png"), Reach::ThisMachineToo);
        let transaction = house.deps.store.begin().await.unwrap();
        store::client::update(&transaction, &client).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(shown(&house, &client).await, None);
        entered(&house, "Other", &site.url("/new.png")).await.unwrap();
        assert!(shown(&house, &client).await.is_some_and(|new| new != old));
    }

    async fn a_verified_publisher_shows_its_logo_wherever_it_is_named_and_nobody_else_does(store: Store) {
        let house = House::new(store);
        let picture = PhotoId::of(b"Claude");
        keep(&house, CLAUDES, &picture).await;
        keep(&house, "https://evil.example/claude.png", &picture).await;
        let claude = registered(&house, CLAUDES, CALLBACK).await;
        let borrowed = registered(&house, "https://evil.example/claude.png", CALLBACK).await;
        let program = registered(&house, CLAUDES, "http://localhost:7000/callback").await;
        let stranger = registered(&house, CLAUDES, "https://evil.example/callback").await;
        assert_eq!(shown(&house, &claude).await.as_ref(), Some(&picture));
        for client in [&borrowed, &program, &stranger] {
            assert_eq!(shown(&house, client).await, None, "{:?}", client.redirect_uris);
        }
        assert_ne!(claude.id, borrowed.id, "whoever names another picture is another app");

        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let screen = authorize::describe(&house.deps, &ada, house.ask(&claude).await).await.unwrap();
        assert_eq!(screen.logo.as_ref(), Some(&picture));
        let code = house.approve(&ada, &claude, &workspace).await;
        house.redeem(&claude, &code).await.unwrap();
        let member: Member = house.member(&ada, &workspace).await;
        let apps = usecases::grant::list(&house.deps, &member).await.unwrap();
        assert_eq!(apps[0].logo.as_ref(), Some(&picture));
        let timeline = usecases::connection_log::timeline(&house.deps, &member, apps[0].grant.id).await.unwrap();
        assert_eq!(timeline.logo.as_ref(), Some(&picture));
        let all = client_policy::clients(&house.deps, &at_command_line(), &Search::default()).await.unwrap();
        assert_eq!(all.lines.iter().filter(|line| line.logo.is_some()).count(), 1);
    }

    async fn the_logo_of_a_stranger_is_not_even_asked_for(store: Store) {
        let mut house = House::new(store);
        let names = Arc::new(Names::default());
        house.deps.network = GuardedClient::with_lookup(NetworkPolicy::Public, Arc::clone(&names));
        for (logo, callback) in [
            ("https://evil.example/claude.png", CALLBACK),
            (CLAUDES, "https://evil.example/callback"),
            (CLAUDES, "http://localhost:7000/callback"),
            (CLAUDES, "claude://callback"),
        ] {
            registered(&house, logo, callback).await;
        }
        assert!(names.0.lock().unwrap().is_empty());
        // Whoever is vouched for is asked, and not again by the next one who looks.
        let claude = registered(&house, CLAUDES, CALLBACK).await;
        let ada = house.person("Ada").await;
        authorize::describe(&house.deps, &ada, house.ask(&claude).await).await.unwrap();
        house.deps.logos.settle().await;
        assert_eq!(*names.0.lock().unwrap(), ["claude.ai"]);
    }

    async fn strangers_who_name_ever_new_logos_of_one_publisher_hold_up_those_of_no_other_nor_the_operators(store: Store) {
        let mut house = House::new(store);
        let names = Arc::new(Names::default());
        house.deps.network = GuardedClient::with_lookup(NetworkPolicy::Public, Arc::clone(&names));
        for number in 0..60 {
            registered(&house, &format!("https://n{number}.claude.ai/x?n={number}"), CALLBACK).await;
        }
        let asked = || names.0.lock().unwrap().clone();
        assert_eq!(asked().len(), 6, "{:?}", asked());
        registered(&house, "https://chatgpt.com/logo.png", "https://chatgpt.com/connector/oauth/a").await;
        assert_eq!(asked().last().unwrap(), "chatgpt.com");
        entered(&house, "Ledger", "https://claude.ai/ledger.png").await.unwrap();
        assert_eq!(asked().last().unwrap(), "claude.ai");
        house.clock.advance(Duration::from_secs(3_600));
        registered(&house, "https://late.claude.ai/logo.png", CALLBACK).await;
        assert_eq!(asked().last().unwrap(), "late.claude.ai");
    }

    async fn an_operator_is_told_of_a_logo_that_no_server_may_fetch(store: Store) {
        let house = House::new(store);
        for logo in ["http://intranet.example/logo.png", "https://10.0.0.1/logo.png", "logo.png", "http://127.0.0.1/x"] {
            let refused = entered(&house, "Ledger", logo).await.map_err(|error| error.to_string());
            assert!(refused.is_err_and(|reason| reason.contains("https address")), "{logo}");
        }
    }

    async fn an_address_that_no_client_names_any_more_is_forgotten(store: Store) {
        let house = House::new(store);
        keep(&house, CLAUDES, &PhotoId::of(b"Claude")).await;
        keep(&house, "https://gone.example/logo.png", &PhotoId::of(b"gone")).await;
        registered(&house, CLAUDES, CALLBACK).await;
        house.clock.advance(Duration::from_secs(86_400));
        usecases::housekeeping::sweep(&house.deps).await.unwrap();
        for (text, is_known) in [(CLAUDES, true), ("https://gone.example/logo.png", false)] {
            let asked_at = store::client_logo::asked_at(&house.deps.store, &uri(text)).await.unwrap();
            assert_eq!(asked_at.is_some(), is_known, "{text}");
        }
    }
}
