//! Authorization codes: exchanged once, by the right client, with everything that they were issued with.

use crate::{
    house::{House, redeem_form},
    tokens::{connected, refresh, renewal},
};
use domain::{
    connection::Mismatch,
    oauth::{client::Client, grant::Answer, scope::ScopeSet},
};
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use tokio::{task::JoinSet, time::timeout};
use usecases::{
    authorize::{self, DecideError},
    token::{self, RedeemCode, TokenAnswer, TokenError},
};

async fn redeem_at_once(house: &House, client: &Client, form: RedeemCode) -> Vec<Result<TokenAnswer, TokenError>> {
    let mut tasks = JoinSet::new();
    for _ in 0..200 {
        let (deps, client, form) = (house.deps.clone(), client.clone(), form.clone());
        tasks.spawn(async move { token::redeem_code(&deps, &client, form).await });
    }
    tasks.join_all().await
}

on_both_databases! {
    async fn a_code_is_redeemed_only_once_and_a_second_time_ends_what_it_made(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let code = house.approve(&ada, &client, &workspace).await;
        let answer = house.redeem(&client, &code).await.unwrap();
        assert!(house.is_let_in(&answer).await);
        assert!(matches!(house.redeem(&client, &code).await, Err(TokenError::InvalidGrant(_))));
        assert!(!house.is_let_in(&answer).await);
        assert!(house.audit(&workspace).await.contains(&"token.code_replayed"));
    }

    async fn a_spent_code_without_what_proves_its_holder_ends_nothing(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let (client, other) = (house.client().await, house.client_named("Stranger").await);
        let code = house.approve(&ada, &client, &workspace).await;
        let answer = house.redeem(&client, &code).await.unwrap();
        assert!(house.redeem(&other, &code).await.is_err(), "another client");
        for change in [
            |form: &mut RedeemCode| form.redirect_uri = Some("https://claude.ai/other".into()),
            |form: &mut RedeemCode| form.code_verifier = "x".repeat(43),
        ] {
            let mut form = redeem_form(&code);
            change(&mut form);
            assert!(token::redeem_code(&house.deps, &client, form).await.is_err());
        }
        assert!(house.is_let_in(&answer).await);
        assert!(!house.audit(&workspace).await.contains(&"token.code_replayed"));
        assert!(house.redeem(&client, &code).await.is_err());
        assert!(!house.is_let_in(&answer).await, "the one who has everything");
    }

    async fn a_code_that_brought_no_tokens_ends_nothing_when_it_comes_again(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let code = house.approve(&ada, &client, &workspace).await;
        let elsewhere = Some("https://visage.example/mcp/analytical-engines".into());
        let form = RedeemCode { resource: elsewhere, ..redeem_form(&code) };
        assert!(matches!(token::redeem_code(&house.deps, &client, form).await, Err(TokenError::InvalidTarget(..))));
        let late = house.approve(&ada, &client, &workspace).await;
        house.clock.advance(Duration::from_secs(60));
        assert!(matches!(house.redeem(&client, &late).await, Err(TokenError::InvalidGrant(_))));
        for code in [code, late] {
            assert!(matches!(house.redeem(&client, &code).await, Err(TokenError::InvalidGrant(_))));
        }
        assert!(!house.audit(&workspace).await.contains(&"token.code_replayed"));
        let member = house.member(&ada, &workspace).await;
        assert!(usecases::notice::list_urgent(&house.deps, &ada, &member).await.unwrap().is_empty());
    }

    async fn nobody_is_let_in_who_left_the_workspace_before_the_code_came(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let code = house.approve(&ada, &client, &workspace).await;
        let transaction = house.deps.store.begin().await.unwrap();
        store::membership::delete(&transaction, workspace.id, ada.user.id).await.unwrap();
        transaction.commit().await.unwrap();
        let Err(TokenError::InvalidGrant(fault)) = house.redeem(&client, &code).await else { panic!("let in") };
        assert_eq!(fault.mismatch, Mismatch::NotAMember { workspace: None });
    }

    async fn nobody_connects_a_workspace_that_they_are_being_taken_out_of(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let request = house.ask(&house.client().await).await;
        let transaction = house.deps.store.begin().await.unwrap();
        store::membership::hold(&transaction, workspace.id).await.unwrap();
        store::membership::delete(&transaction, workspace.id, ada.user.id).await.unwrap();
        let (deps, ada, id) = (house.deps.clone(), ada, workspace.id);
        let mut deciding = tokio::spawn(async move {
            let answer = Answer::Approve { workspace: id, ticked: ScopeSet::all() };
            authorize::decide(&deps, &ada, request, answer).await
        });
        assert!(timeout(Duration::from_millis(200), &mut deciding).await.is_err(), "answered before it was sure");
        transaction.commit().await.unwrap();
        assert!(matches!(deciding.await.unwrap(), Err(DecideError::NotAMember)));
        assert!(!house.audit(&workspace).await.contains(&"grant.approved"));
    }

    async fn a_code_is_bound_to_client_address_verifier_resource_and_time(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let (client, other) = (house.client().await, house.client_named("Stranger").await);
        let code = house.approve(&ada, &client, &workspace).await;
        assert!(house.redeem(&other, &code).await.is_err(), "another client");
        for change in [
            |form: &mut RedeemCode| form.redirect_uri = Some("https://claude.ai/other".into()),
            |form: &mut RedeemCode| form.code_verifier = "x".repeat(43),
            |form: &mut RedeemCode| form.code_verifier = String::new(),
            |form: &mut RedeemCode| form.resource = Some("https://visage.example/mcp/analytical-engines".into()),
        ] {
            let code = house.approve(&ada, &client, &workspace).await;
            let mut form = redeem_form(&code);
            change(&mut form);
            assert!(token::redeem_code(&house.deps, &client, form).await.is_err());
        }
        let code = house.approve(&ada, &client, &workspace).await;
        house.clock.advance(Duration::from_secs(60));
        assert!(house.redeem(&client, &code).await.is_err(), "expired");
    }

    async fn a_redirect_uri_may_be_left_out_because_the_verifier_binds_the_code(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let code = house.approve(&ada, &client, &workspace).await;
        let form = RedeemCode { redirect_uri: None, ..redeem_form(&code) };
        assert!(token::redeem_code(&house.deps, &client, form).await.is_ok());
    }

    async fn of_two_hundred_parallel_redemptions_one_gets_tokens_and_the_others_end_them(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let (_, bystander) = house.connect(&ada, &workspace).await;
        let client = house.client().await;
        let code = house.approve(&ada, &client, &workspace).await;
        let before = house.audit(&workspace).await;
        let mut answers: Vec<_> = redeem_at_once(&house, &client, redeem_form(&code)).await.into_iter().flatten().collect();
        assert_eq!(answers.len(), 1);
        let pair = answers.remove(0);
        // One of them was first, so all others came with a spent code: whoever holds the pair may be the wrong one.
        assert!(!house.is_let_in(&pair).await);
        assert!(refresh(&house, &client, &renewal(&pair)).await.is_err());
        assert!(house.is_let_in(&bystander).await);
        // All within one instant, so the order of the rows says nothing.
        let mut audited = house.audit(&workspace).await;
        for earlier in before {
            let at = audited.iter().position(|action| *action == earlier).unwrap();
            audited.swap_remove(at);
        }
        audited.sort_unstable();
        assert_eq!(audited, ["token.code_replayed", "token.issued"]);
    }

    async fn of_parallel_redemptions_with_a_wrong_verifier_none_gets_tokens(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let code = house.approve(&ada, &client, &workspace).await;
        let form = RedeemCode { code_verifier: "x".repeat(43), ..redeem_form(&code) };
        assert!(redeem_at_once(&house, &client, form).await.iter().all(Result::is_err));
        assert!(house.redeem(&client, &code).await.is_err());
        assert!(!house.audit(&workspace).await.contains(&"token.issued"));
    }

    async fn a_replay_that_is_on_record_already_takes_nobodys_turn_to_write(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let (replayed, faulty) =
            (house.approve(&ada, &client, &workspace).await, house.approve(&ada, &client, &workspace).await);
        house.redeem(&client, &replayed).await.unwrap();
        let wrong = RedeemCode { code_verifier: "x".repeat(43), ..redeem_form(&faulty) };
        assert!(token::redeem_code(&house.deps, &client, wrong).await.is_err());
        assert!(house.redeem(&client, &replayed).await.is_err(), "the first replay is put on record");
        // On SQLite nobody else writes meanwhile.
        let _writing = house.deps.store.begin().await.unwrap();
        for code in [&replayed, &faulty] {
            for _ in 0..3 {
                let answer = timeout(Duration::from_secs(2), house.redeem(&client, code)).await.unwrap();
                assert!(matches!(answer, Err(TokenError::InvalidGrant(fault)) if fault.mismatch == Mismatch::CodeSpent));
            }
        }
    }

    async fn a_code_that_nobody_sends_twice_leaves_its_pair_alone(store: Store) {
        let (house, workspace, client, pair) = connected(store).await;
        let code = house.approve(&house.viewer_again().await, &client, &workspace).await;
        house.redeem(&client, &code).await.unwrap();
        assert!(house.redeem(&client, &code).await.is_err());
        assert!(house.is_let_in(&pair).await, "the replay of one code ended another's pair");
    }
}
