//! Signing keys and identity tokens: made once, verified from outside, rotated, swept out.

use crate::house::{CALLBACK, House, parameter, request_of};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    oauth::{
        client::Client,
        grant::Answer,
        identity_token::IDENTITY_TOKEN_LIFETIME,
        jwk::PublicKey,
        jws::Compact,
        scope::ScopeSet,
        signing::{PUBLISHED_AFTER_RETIREMENT, PUBLISHED_BEFORE_USE, SigningAlgorithm, SigningKey},
    },
    secret::{Secret, SecretKind},
};
use ring::{
    digest::{SHA256, digest},
    rsa::PublicKeyComponents,
    signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
};
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};
use store::Store;
use testkit::{SeededEntropy, on_both_databases};
use tokio::task::JoinSet;
use usecases::{
    Deps, authorize,
    token::{self, Replaced, Rotation, TokenAnswer},
};

/// What a token says, if the key set that is published now verifies it.
async fn verified(deps: &Deps, token: &str) -> Option<Map<String, Value>> {
    let set = token::key_set(deps).await.unwrap();
    let jws = Compact::parse(token).unwrap();
    let keys = set["keys"].as_array().unwrap();
    let jwk = keys.iter().find(|jwk| jwk["kid"].as_str() == jws.header("kid"))?;
    assert_eq!((jwk["alg"].as_str(), &jwk["use"]), (jws.header("alg"), &json!("sig")));
    let key = PublicKey::from_jwk(jwk).unwrap();
    assert_eq!(key.thumbprint(), jwk["kid"]);
    let is_genuine = match &key {
        PublicKey::EllipticCurve { x, y } => {
            let point = [&[4][..], x, y].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(jws.signed.as_bytes(), &jws.signature)
                .is_ok()
        }
        PublicKey::Rsa { modulus, exponent } => PublicKeyComponents { n: modulus, e: exponent }
            .verify(&RSA_PKCS1_2048_8192_SHA256, jws.signed.as_bytes(), &jws.signature)
            .is_ok(),
        PublicKey::Edwards { .. } => false,
    };
    assert!(is_genuine);
    Some(jws.claims)
}

/// A connection that asked with `more` and was granted `ticked`.
async fn connect(house: &House, client: &Client, more: &[(&str, &str)], ticked: &str) -> TokenAnswer {
    let ada = house.person("Ada").await;
    let workspace = house.workspace(&ada, "Analytical Engines").await;
    let mut pairs = request_of(client);
    pairs.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let request = authorize::begin(&house.deps, None, pairs).await.unwrap();
    let answer = Answer::Approve { workspace: workspace.id, ticked: ScopeSet::parse(ticked) };
    house.clock.advance(Duration::from_secs(30));
    let code = parameter(&authorize::decide(&house.deps, &ada, request, answer).await.unwrap(), "code").unwrap();
    house.redeem(client, &code).await.unwrap()
}

/// Which key signed.
fn key_of(answer: &TokenAnswer) -> String {
    let token = answer.identity_token.as_deref().unwrap();
    Compact::parse(token).unwrap().header("kid").unwrap().to_owned()
}

/// The keys of ES256 that are on file. Asking for the set itself would make one of RS256 as well, which takes its time.
async fn on_file(deps: &Deps) -> Vec<SigningKey> {
    let keys = store::signing_key::list(&deps.store).await.unwrap();
    keys.into_iter().filter(|key| key.algorithm == SigningAlgorithm::Es256).collect()
}

/// Those of them that a token may be verified with.
async fn published(deps: &Deps) -> Vec<String> {
    let keys = on_file(deps).await;
    keys.into_iter().filter(|key| key.is_published(deps.now())).map(|key| key.id).collect()
}

async fn client_with(house: &House, algorithm: &str) -> Client {
    let document = json!({ "redirect_uris": [CALLBACK], "id_token_signed_response_alg": algorithm });
    usecases::client::register(&house.deps, &document).await.unwrap().client
}

on_both_databases! {
    async fn an_identity_token_says_who_came_and_nothing_that_was_not_granted(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        let answer = connect(&house, &client, &[("nonce", "n-0S6_WzA2Mj")], "openid profile").await;
        let claims = verified(&house.deps, answer.identity_token.as_deref().unwrap()).await.unwrap();
        let now = house.deps.clock.now().as_seconds();
        assert_eq!(claims["iss"], "https://visage.example");
        assert_eq!(claims["aud"], client.id.0.as_str());
        assert_eq!((&claims["name"], &claims["nonce"]), (&json!("Ada"), &json!("n-0S6_WzA2Mj")));
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(now), &json!(now + 3_600)));
        assert_eq!(claims["auth_time"], now - 30);
        let hash = digest(&SHA256, answer.access_token.expose().as_bytes());
        assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]));
        assert!(!claims.contains_key("email") && !claims.contains_key("email_verified"));
        let subject = store::user::list(&house.deps.store).await.unwrap()[0].id.to_string();
        assert_eq!(claims["sub"], subject);
    }

    async fn an_address_is_told_with_its_scope_and_never_called_verified(store: Store) {
        let house = House::new(store);
        let answer = connect(&house, &house.client().await, &[], "openid email").await;
        let claims = verified(&house.deps, answer.identity_token.as_deref().unwrap()).await.unwrap();
        assert_eq!((&claims["email"], &claims["email_verified"]), (&json!("ada@analytical.example"), &json!(false)));
        assert!(!claims.contains_key("name") && !claims.contains_key("nonce"));
    }

    async fn a_client_that_registered_for_rs256_gets_it(store: Store) {
        let house = House::new(store);
        let client = client_with(&house, "RS256").await;
        let answer = connect(&house, &client, &[], "openid").await;
        let token = answer.identity_token.unwrap();
        assert_eq!(Compact::parse(&token).unwrap().header("alg"), Some("RS256"));
        assert!(verified(&house.deps, &token).await.is_some());
        let set = token::key_set(&house.deps).await.unwrap();
        assert_eq!(set["keys"].as_array().unwrap().len(), 2);
        assert!(!set.to_string().contains("\"d\""));
    }

    async fn a_refresh_brings_no_identity_token(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        let answer = connect(&house, &client, &[("nonce", "n")], "openid offline_access").await;
        let refresh = answer.refresh_token.unwrap().expose().to_owned();
        let form = token::Refresh { refresh_token: refresh, scope: None, resource: None };
        assert!(token::refresh(&house.deps, &client, form).await.unwrap().identity_token.is_none());
    }

    async fn of_many_that_make_the_first_key_at_once_one_succeeds(store: Store) {
        let house = House::new(store);
        let mut tasks = JoinSet::new();
        for _ in 0..16 {
            let deps = house.deps.clone();
            tasks.spawn(async move { token::key_set(&deps).await.unwrap() });
        }
        let sets = tasks.join_all().await;
        assert!(sets.iter().all(|set| *set == sets[0]));
        // One of each algorithm.
        assert_eq!(sets[0]["keys"].as_array().unwrap().len(), 2);
    }

    async fn of_many_nodes_that_make_the_first_key_at_once_one_succeeds(store: Store) {
        let house = House::new(store);
        let mut tasks = JoinSet::new();
        for seed in 0..8 {
            let (clock, entropy) = (Arc::new(house.clock.clone()), Arc::new(SeededEntropy::new(seed)));
            let node = Deps::with(house.deps.store.clone(), (*house.deps.settings).clone(), clock, entropy);
            tasks.spawn(async move { token::key_set(&node).await.unwrap() });
        }
        let sets = tasks.join_all().await;
        assert!(sets.iter().all(|set| *set == sets[0]));
        // One of each algorithm.
        assert_eq!(sets[0]["keys"].as_array().unwrap().len(), 2);
    }

    async fn no_key_is_made_for_whoever_has_no_code_of_their_own(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = client_with(&house, "RS256").await;
        let keys = async || store::signing_key::list(&house.deps.store).await.unwrap().len();
        let unknown = Secret::generate(SecretKind::AuthorizationCode, &*house.deps.entropy);
        assert!(house.redeem(&client, unknown.expose()).await.is_err());
        let stolen = house.approve(&ada, &house.client().await, &workspace).await;
        assert!(house.redeem(&client, &stolen).await.is_err());
        assert_eq!(keys().await, 0);

        let code = house.approve(&ada, &client, &workspace).await;
        assert!(house.redeem(&client, &code).await.unwrap().identity_token.is_some());
        assert_eq!(keys().await, 1);
    }

    async fn a_leaked_key_is_forgotten_whoever_else_rotates_at_that_moment(store: Store) {
        let house = House::new(store);
        token::rotate(&house.deps, Rotation::Planned).await.unwrap();
        for _ in 0..20 {
            let before = published(&house.deps).await;
            let mut others = JoinSet::new();
            for _ in 0..6 {
                let deps = house.deps.clone();
                others.spawn(async move { token::rotate(&deps, Rotation::Planned).await.unwrap().len() });
            }
            let rotated = token::rotate(&house.deps, Rotation::Leaked).await.unwrap();
            others.join_all().await;
            assert_eq!(rotated.len(), 1);
            let after = published(&house.deps).await;
            assert!(before.iter().all(|leaked| !after.contains(leaked)));
        }
    }

    async fn a_retired_key_verifies_until_its_last_token_has_expired_and_is_then_removed(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        let token = connect(&house, &client, &[], "openid").await.identity_token.unwrap();
        let rotated = token::rotate(&house.deps, Rotation::Planned).await.unwrap();
        assert_eq!(rotated.iter().map(|rotated| rotated.key.algorithm).collect::<Vec<_>>(), [SigningAlgorithm::Es256]);
        assert!(verified(&house.deps, &token).await.is_some());

        house.clock.advance(PUBLISHED_BEFORE_USE + IDENTITY_TOKEN_LIFETIME);
        usecases::housekeeping::sweep(&house.deps).await.unwrap();
        assert!(verified(&house.deps, &token).await.is_some());

        house.clock.advance(PUBLISHED_AFTER_RETIREMENT - IDENTITY_TOKEN_LIFETIME);
        assert!(verified(&house.deps, &token).await.is_none());
        usecases::housekeeping::sweep(&house.deps).await.unwrap();
        let left = on_file(&house.deps).await;
        assert_eq!(left.iter().map(|key| &key.id).collect::<Vec<_>>(), [&rotated[0].key.id]);
    }

    async fn a_new_key_signs_once_every_client_has_had_the_time_to_see_it(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let signs = async || key_of(&house.redeem(&client, &house.approve(&ada, &client, &workspace).await).await.unwrap());
        let first = signs().await;
        let rotated = token::rotate(&house.deps, Rotation::Planned).await.unwrap().remove(0);
        let second = rotated.key.id;
        let now = house.deps.now();
        assert_eq!(rotated.signs_from, now.plus(PUBLISHED_BEFORE_USE));
        let verifies_until = now.plus(PUBLISHED_BEFORE_USE + PUBLISHED_AFTER_RETIREMENT);
        assert_eq!(rotated.replaced, Some(Replaced { id: first.clone(), verifies_until }));
        assert_eq!(published(&house.deps).await.len(), 2);
        assert_eq!(signs().await, first);
        // Once more within these minutes: one after the other takes its turn.
        house.clock.advance(Duration::from_secs(60));
        let third = token::rotate(&house.deps, Rotation::Planned).await.unwrap().remove(0).key.id;
        assert_eq!(signs().await, first);
        house.clock.advance(PUBLISHED_BEFORE_USE - Duration::from_secs(60));
        assert_eq!(signs().await, second);
        house.clock.advance(Duration::from_secs(60));
        assert_eq!(signs().await, third);
    }

    async fn a_leaked_key_is_forgotten_at_once_whatever_was_planned_for_it(store: Store) {
        let house = House::new(store);
        let token = connect(&house, &house.client().await, &[], "openid").await.identity_token.unwrap();
        token::rotate(&house.deps, Rotation::Planned).await.unwrap();
        let rotated = token::rotate(&house.deps, Rotation::Leaked).await.unwrap();
        assert_eq!(published(&house.deps).await, [rotated[0].key.id.as_str()]);
        assert_eq!((rotated[0].signs_from, &rotated[0].replaced), (house.deps.now(), &None));
        assert!(verified(&house.deps, &token).await.is_none());
    }

    async fn two_that_rotate_at_once_leave_one_current_key(store: Store) {
        let house = House::new(store);
        token::rotate(&house.deps, Rotation::Planned).await.unwrap();
        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            let deps = house.deps.clone();
            tasks.spawn(async move { token::rotate(&deps, Rotation::Planned).await.unwrap().len() });
        }
        assert!(tasks.join_all().await.into_iter().sum::<usize>() >= 1);
        let keys = on_file(&house.deps).await;
        assert_eq!(keys.iter().filter(|key| key.retired_at.is_none()).count(), 1);
    }
}
