//! `/jwks` and the rotation of what is in it.

use super::{
    support::{CALLBACK, House},
    verifier::verify,
};
use domain::oauth::signing::PUBLISHED_BEFORE_USE;
use http::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use usecases::token::Rotation;

async fn published(house: &House) -> Vec<Value> {
    let answer = house.get("/jwks").await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    answer.json()["keys"].as_array().unwrap().clone()
}

fn ids(keys: &[Value]) -> Vec<&str> {
    keys.iter().map(|key| key["kid"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn keys_of_both_algorithms_are_there_before_anything_is_signed_with_their_public_halves_alone() {
    let house = House::start().await;
    let person = house.person().await;
    let keys = published(&house).await;
    assert_eq!(keys.len(), 2);
    let metadata = json!({"redirect_uris": [CALLBACK], "id_token_signed_response_alg": "RS256"});
    let client = house.post_json("/register", &[], &metadata).await.json();
    house.connect(&person, client["client_id"].as_str().unwrap(), &[], "openid").await;
    assert_eq!(published(&house).await, keys, "a copy of the set lacks the key of the first RS256 token");
    for key in keys {
        let members: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = match key["alg"].as_str().unwrap() {
            "ES256" => vec!["alg", "crv", "kid", "kty", "use", "x", "y"],
            _ => vec!["alg", "e", "kid", "kty", "n", "use"],
        };
        assert_eq!(members, expected);
        assert_eq!(key["use"], "sig");
    }
}

#[tokio::test]
async fn after_a_rotation_old_tokens_verify_until_the_last_one_is_dead_and_then_their_key_vanishes() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let connect = async || {
        let answer = house.connect(&person, &client, &[], "openid").await;
        answer["id_token"].as_str().unwrap().to_owned()
    };
    let before = published(&house).await;
    usecases::token::rotate(&house.deps, Rotation::Planned).await.unwrap();
    house.clock.advance(PUBLISHED_BEFORE_USE - Duration::from_secs(1));
    let old = connect().await;
    house.clock.advance(Duration::from_secs(1));
    let new = connect().await;

    let both = published(&house).await;
    assert_eq!(both.len(), 4);
    assert!(ids(&before).iter().all(|id| ids(&both).contains(id)));
    assert!(verify(&house, &old, &client).await.is_ok());
    assert!(verify(&house, &new, &client).await.is_ok());

    house.clock.advance(Duration::from_secs(3_598));
    assert!(verify(&house, &old, &client).await.is_ok());
    // A minute longer, for clocks that are behind.
    house.clock.advance(Duration::from_secs(61));
    assert_eq!(published(&house).await.len(), 4);
    house.clock.advance(Duration::from_secs(1));
    let left = published(&house).await;
    assert_eq!(left.len(), 2);
    assert!(ids(&before).iter().all(|id| !ids(&left).contains(id)));
    assert_eq!(verify(&house, &old, &client).await, Err("key"));
}

#[tokio::test]
async fn two_rotations_in_a_row_leave_every_living_token_verifiable() {
    let house = House::start().await;
    let person = house.person().await;
    let client = house.client().await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let answer = house.connect(&person, &client, &[], "openid").await;
        tokens.push(answer["id_token"].as_str().unwrap().to_owned());
        usecases::token::rotate(&house.deps, Rotation::Planned).await.unwrap();
        house.clock.advance(PUBLISHED_BEFORE_USE);
    }
    // Three are retired, and of each algorithm one is current.
    assert_eq!(published(&house).await.len(), 5);
    for token in &tokens {
        assert!(verify(&house, token, &client).await.is_ok());
    }
}
