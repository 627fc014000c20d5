//! Hosts that are slow to answer, under many names: whom we know waits for none of them.

use crate::house::{CALLBACK, House};
use domain::oauth::client::{AuthMethod, Client, ClientKeys};
use providers::http::{Answer, GuardedClient, Lookup, NetworkPolicy};
use serde_json::json;
use std::{net::Ipv4Addr, sync::Arc, time::Duration};
use store::Store;
use testkit::{Page, Signer, Site, on_both_databases};
use tokio::{sync::Semaphore, task::JoinSet, time::timeout};
use usecases::client::{AuthenticateError, Presented, Proof, authenticate, register};

/// As many names under one domain as are needed to ask for more than is fetched at once.
const SLOW_HOSTS: usize = 6;
const AT_EACH: usize = 3;
const AT_ONCE: usize = 16;

/// Every name is this machine's, once somebody opens the gate.
struct Wildcard(Arc<Semaphore>);

impl Lookup for Wildcard {
    fn lookup(&self, _: &str) -> Answer {
        let gate = Arc::clone(&self.0);
        Box::pin(async move {
            drop(gate.acquire().await);
            Ok(vec![Ipv4Addr::LOCALHOST.into()])
        })
    }
}

struct Street {
    house: House,
    site: Site,
    signer: Signer,
    gate: Arc<Semaphore>,
}

impl Street {
    async fn new(store: Store) -> Self {
        let (mut house, gate) = (House::new(store), Arc::new(Semaphore::new(1)));
        house.deps.network = GuardedClient::with_lookup(NetworkPolicy::AllowLoopback, Wildcard(Arc::clone(&gate)));
        Self { house, site: Site::start().await.unwrap(), signer: Signer::es256("a"), gate }
    }

    fn keys(&self) -> Page {
        Page::json(json!({ "keys": [self.signer.jwk()] }))
    }

    /// A client whose keys lie at that host, at a path of their own.
    async fn client(&self, host: &str, path: &str) -> Client {
        let document = json!({ "client_name": format!("{host}{path}"), "redirect_uris": [CALLBACK] });
        let mut client = register(&self.house.deps, &document).await.unwrap().client;
        client.auth_method = AuthMethod::PrivateKeyJwt;
        client.keys = Some(ClientKeys::Uri(self.site.url(path).replace("127.0.0.1", host)));
        let transaction = self.house.deps.store.begin().await.unwrap();
        store::client::update(&transaction, &client).await.unwrap();
        transaction.commit().await.unwrap();
        client
    }

    /// What `client` sends to prove itself; `id` tells one from the other.
    fn proof(&self, client: &Client, id: &str) -> Presented {
        let now = self.house.deps.now().as_seconds();
        let claims = json!({
            "iss": client.id.0, "sub": client.id.0, "aud": "https://visage.example",
            "exp": now + 60, "iat": now, "jti": id,
        });
        Presented { client_id: None, proof: Proof::Assertion(self.signer.sign(&claims)) }
    }

    async fn present(&self, client: &Client, id: &str) -> Result<Client, AuthenticateError> {
        authenticate(&self.house.deps, self.proof(client, id)).await
    }

    /// As many strangers' keys as are read at once never come.
    async fn is_full_of_slow_ones(&self) -> JoinSet<bool> {
        let mut slow = JoinSet::new();
        for number in 0..SLOW_HOSTS * AT_EACH {
            let path = format!("/slow/{number}");
            self.site.put(&path, self.keys().that_stalls());
            let client = self.client(&format!("host-{}.wild.example", number % SLOW_HOSTS), &path).await;
            let (deps, presented) = (self.house.deps.clone(), self.proof(&client, &path));
            slow.spawn(async move { authenticate(&deps, presented).await.is_ok() });
            while number < AT_ONCE && self.site.asked(&path) == 0 {
                tokio::task::yield_now().await;
            }
        }
        slow
    }
}

on_both_databases! {
    async fn keys_that_were_read_before_are_read_again_whatever_slow_strangers_are_asked(store: Store) {
        let street = Street::new(store).await;
        street.site.put("/known", street.keys());
        let known = street.client("known.example", "/known").await;
        assert!(street.present(&known, "1").await.is_ok());
        // Too old to serve, and not asked for all night.
        street.house.clock.advance(Duration::from_secs(10 * 3_600));
        let _slow = street.is_full_of_slow_ones().await;
        let newcomer = street.client("new.example", "/known").await;
        assert!(matches!(street.present(&newcomer, "2").await, Err(AuthenticateError::KeysBusy)));
        assert!(street.present(&known, "3").await.is_ok());
        assert_eq!(street.site.asked("/known"), 2);
    }

    async fn keys_that_did_not_come_the_last_time_wait_with_those_of_strangers(store: Store) {
        let street = Street::new(store).await;
        street.site.put("/known", street.keys());
        let known = street.client("known.example", "/known").await;
        assert!(street.present(&known, "1").await.is_ok());
        street.site.put("/known", street.keys().with_status(500));
        street.house.clock.advance(Duration::from_secs(2 * 3_600));
        assert!(matches!(street.present(&known, "2").await, Err(AuthenticateError::KeysUnreachable)));
        street.site.put("/known", street.keys());
        street.house.clock.advance(Duration::from_secs(60));
        let slow = street.is_full_of_slow_ones().await;
        assert!(matches!(street.present(&known, "3").await, Err(AuthenticateError::KeysBusy)));
        // None of them ever comes, and whoever asked for it need not stay for that to be known.
        slow.join_all().await;
        assert!(street.present(&known, "4").await.is_ok(), "nobody was asked, so the next one is tried at once");
    }

    async fn who_hangs_up_costs_a_client_neither_its_keys_nor_the_next_try(store: Store) {
        let street = Street::new(store).await;
        street.site.put("/known", street.keys());
        let client = street.client("known.example", "/known").await;
        let closed = street.gate.acquire().await.unwrap();
        let presenting = street.present(&client, "1");
        assert!(timeout(Duration::from_millis(200), presenting).await.is_err(), "it did not wait for the host");
        drop(closed);
        assert!(street.present(&client, "2").await.is_ok());
        assert_eq!(street.site.asked("/known"), 1);
    }
}
