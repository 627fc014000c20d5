//! `private_key_jwt`: a client proves itself by what it signed, for us, once.

use crate::house::House;
use domain::{
    clock::{Clock as _, Timestamp},
    oauth::{
        client::{AuthMethod, Client, ClientId, ClientKeys},
        client_assertion::AssertionFault,
    },
};
use providers::http::{GuardedClient, NetworkPolicy};
use serde_json::{Value, json};
use std::time::Duration;
use store::Store;
use testkit::{Page, Signer, Site, on_both_databases};
use tokio::task::JoinSet;
use usecases::client::{AuthenticateError, Presented, Proof, authenticate, resolve};

const KEYS: &str = "/keys.json";

/// A site that publishes these keys.
async fn publisher(signers: &[&Signer]) -> Site {
    let site = Site::start().await.unwrap();
    site.put(KEYS, Page::of_type("application/jwk-set+json", set(signers)));
    site
}

/// A client with these keys.
async fn client(house: &House, keys: ClientKeys) -> Client {
    let mut client = house.client_named(&format!("{keys:?}")).await;
    client.auth_method = AuthMethod::PrivateKeyJwt;
    client.keys = Some(keys);
    let transaction = house.deps.store.begin().await.unwrap();
    store::client::update(&transaction, &client).await.unwrap();
    transaction.commit().await.unwrap();
    client
}

fn set(signers: &[&Signer]) -> Value {
    json!({ "keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>() })
}

fn claims(house: &House, client: &Client, id: &str) -> Value {
    let now: Timestamp = house.clock.now();
    json!({
        "iss": client.id.0, "sub": client.id.0, "aud": "https://visage.example",
        "exp": now.as_seconds() + 60, "iat": now.as_seconds(), "jti": id,
    })
}

async fn present(house: &House, client_id: Option<&str>, assertion: String) -> Result<Client, AuthenticateError> {
    authenticate(&house.deps, presented(client_id, assertion)).await
}

fn presented(client_id: Option<&str>, assertion: String) -> Presented {
    Presented { client_id: client_id.map(str::to_owned), proof: Proof::Assertion(assertion) }
}

fn fault(result: Result<Client, AuthenticateError>) -> Option<AssertionFault> {
    result.err().and_then(|error| match error {
        AuthenticateError::Assertion(fault) => Some(fault),
        _ => None,
    })
}

on_both_databases! {
    async fn each_algorithm_proves_the_client_with_or_without_its_name_beside(store: Store) {
        let house = House::new(store);
        for signer in [Signer::es256("a"), Signer::rs256("b"), Signer::ed_dsa("c")] {
            let client = client(&house, ClientKeys::Set(set(&[&signer]))).await;
            for (number, id) in [Some(client.id.0.as_str()), None].into_iter().enumerate() {
                let assertion = signer.sign(&claims(&house, &client, &number.to_string()));
                assert_eq!(present(&house, id, assertion).await.unwrap().id, client.id);
            }
            let assertion = signer.sign(&claims(&house, &client, "other name"));
            assert_eq!(fault(present(&house, Some("another"), assertion).await), Some(AssertionFault::Subject));
        }
    }

    async fn an_assertion_is_taken_once_however_many_send_it_at_once(store: Store) {
        let house = House::new(store);
        let signer = Signer::es256("a");
        let client = client(&house, ClientKeys::Set(set(&[&signer]))).await;
        let assertion = signer.sign(&claims(&house, &client, "once"));
        let mut tasks = JoinSet::new();
        for _ in 0..16 {
            let (deps, text) = (house.deps.clone(), assertion.clone());
            let presented = Presented { client_id: None, proof: Proof::Assertion(text) };
            tasks.spawn(async move { authenticate(&deps, presented).await.is_ok() });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|is_ok| *is_ok).count(), 1);
        assert_eq!(fault(present(&house, None, assertion.clone()).await), Some(AssertionFault::Replayed));
        // Once it has expired it needs no remembering: it is refused for its age.
        house.clock.advance(Duration::from_secs(121));
        assert_eq!(usecases::housekeeping::sweep(&house.deps).await.unwrap(), 1);
        assert_eq!(fault(present(&house, None, assertion).await), Some(AssertionFault::Expiry));
    }

    async fn what_was_not_signed_by_the_clients_key_proves_nothing(store: Store) {
        let house = House::new(store);
        let (own, foreign, twin) = (Signer::es256("own"), Signer::es256("foreign"), Signer::es256("own"));
        let client = client(&house, ClientKeys::Set(set(&[&own]))).await;
        let good = claims(&house, &client, "1");
        for (assertion, expected) in [
            (foreign.sign(&good), AssertionFault::UnknownKey),
            (twin.sign(&good), AssertionFault::Signature),
            (own.sign_as(&json!({ "alg": "none" }), &good, b""), AssertionFault::Algorithm),
            (own.sign_with_shared_secret(&good), AssertionFault::Algorithm),
            (own.sign_as(&json!({ "alg": "RS256", "kid": "own" }), &good, &[1; 256]), AssertionFault::Signature),
            (own.sign_as(&json!({ "alg": "ES256", "kid": "own" }), &good, &[0; 64]), AssertionFault::Signature),
            (own.sign_as(&json!({ "alg": "ES256" }), &good, b""), AssertionFault::Signature),
            ("x.y.z".to_owned(), AssertionFault::Malformed),
        ] {
            assert_eq!(fault(present(&house, None, assertion).await), Some(expected), "{expected:?}");
        }
        let mut tampered = good.clone();
        tampered["exp"] = json!(house.clock.now().as_seconds() + 120);
        let (head, signature) = own.sign(&good).rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let body = own.sign(&tampered);
        let tampered = format!("{}.{signature}", body.rsplit_once('.').unwrap().0);
        assert_ne!(head, body);
        assert_eq!(fault(present(&house, None, tampered).await), Some(AssertionFault::Signature));
        assert!(present(&house, None, own.sign(&good)).await.is_ok(), "nothing was spent by what was refused");
    }

    async fn such_a_client_proves_itself_in_no_other_way(store: Store) {
        let house = House::new(store);
        let signer = Signer::es256("a");
        let client = client(&house, ClientKeys::Set(set(&[&signer]))).await;
        for proof in [Proof::Nothing, Proof::Secret(String::new()), Proof::Secret("vcs_x".to_owned())] {
            let presented = Presented { client_id: Some(client.id.0.clone()), proof };
            assert!(matches!(authenticate(&house.deps, presented).await, Err(AuthenticateError::Refused)));
        }
        let public = house.client().await;
        let assertion = signer.sign(&claims(&house, &public, "1"));
        assert!(matches!(present(&house, None, assertion).await, Err(AuthenticateError::Refused)));
    }

    async fn published_keys_are_read_seldom_and_again_when_they_change(store: Store) {
        let mut house = House::new(store);
        house.deps.network = GuardedClient::new(NetworkPolicy::AllowLoopback);
        let (old, new) = (Signer::es256("old"), Signer::es256("new"));
        let publisher = publisher(&[&old]).await;
        let client = client(&house, ClientKeys::Uri(publisher.url(KEYS))).await;
        for id in ["1", "2", "3"] {
            assert!(present(&house, None, old.sign(&claims(&house, &client, id))).await.is_ok());
        }
        assert_eq!(publisher.asked(KEYS), 1);

        publisher.put(KEYS, Page::json(set(&[&new])));
        let too_soon = present(&house, None, new.sign(&claims(&house, &client, "4"))).await;
        assert_eq!(fault(too_soon), Some(AssertionFault::UnknownKey));
        assert_eq!(publisher.asked(KEYS), 1);
        house.clock.advance(Duration::from_secs(30));
        assert!(present(&house, None, new.sign(&claims(&house, &client, "5"))).await.is_ok());
        assert_eq!(fault(present(&house, None, old.sign(&claims(&house, &client, "6"))).await), Some(AssertionFault::UnknownKey));
        assert_eq!(publisher.asked(KEYS), 2);
    }

    async fn keys_that_were_read_last_for_an_hour_without_their_publisher(store: Store) {
        let mut house = House::new(store);
        house.deps.network = GuardedClient::new(NetworkPolicy::AllowLoopback);
        let signer = Signer::es256("a");
        let publisher = publisher(&[&signer]).await;
        let client = client(&house, ClientKeys::Uri(publisher.url(KEYS))).await;
        assert!(present(&house, None, signer.sign(&claims(&house, &client, "1"))).await.is_ok());
        drop(publisher);
        house.clock.advance(Duration::from_secs(3_599));
        assert!(present(&house, None, signer.sign(&claims(&house, &client, "2"))).await.is_ok());
        house.clock.advance(Duration::from_secs(301));
        let late = present(&house, None, signer.sign(&claims(&house, &client, "3"))).await;
        assert!(matches!(late, Err(AuthenticateError::KeysUnreachable)));
    }

    async fn slow_keys_keep_no_document_from_being_read_and_let_the_next_ones_be_tried_at_once(store: Store) {
        let mut house = House::new(store);
        house.deps.network = GuardedClient::new(NetworkPolicy::AllowLoopback);
        let signer = Signer::es256("a");
        let publisher = publisher(&[&signer]).await;
        let mut slow = JoinSet::new();
        for path in ["/1", "/2", "/3"] {
            publisher.put(path, Page::json(set(&[&signer])).that_stalls());
            let client = client(&house, ClientKeys::Uri(publisher.url(path))).await;
            let (deps, presented) = (house.deps.clone(), presented(None, signer.sign(&claims(&house, &client, path))));
            slow.spawn(async move { authenticate(&deps, presented).await.is_ok() });
            while publisher.asked(path) == 0 {
                tokio::task::yield_now().await;
            }
        }
        let client = client(&house, ClientKeys::Uri(publisher.url(KEYS))).await;
        let turned_away = present(&house, None, signer.sign(&claims(&house, &client, "4"))).await;
        assert!(matches!(turned_away, Err(AuthenticateError::KeysBusy)), "this host has its hands full");
        assert_eq!(publisher.asked(KEYS), 0);

        let url = publisher.url("/client.json");
        let document = json!({ "client_id": url, "client_name": "App", "redirect_uris": ["https://app.example/cb"] });
        publisher.put("/client.json", Page::json(document));
        assert!(resolve(&house.deps, &ClientId(url)).await.unwrap().is_some());
        // They are given up by themselves, whether or not somebody still waits.
        slow.join_all().await;
        assert!(present(&house, None, signer.sign(&claims(&house, &client, "5"))).await.is_ok());
    }

    async fn keys_inside_our_network_are_never_asked_for(store: Store) {
        let house = House::new(store);
        let signer = Signer::es256("a");
        let publisher = publisher(&[&signer]).await;
        let client = client(&house, ClientKeys::Uri(publisher.url(KEYS))).await;
        let refused = present(&house, None, signer.sign(&claims(&house, &client, "1"))).await;
        assert!(matches!(refused, Err(AuthenticateError::KeysUnreachable)));
        assert_eq!(publisher.asked(KEYS), 0);
    }
}
