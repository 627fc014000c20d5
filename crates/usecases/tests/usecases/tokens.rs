//! Tokens: rotated, forgiven, taken back.

use crate::house::House;
use domain::{
    connection::Mismatch,
    oauth::{client::Client, scope::ScopeSet},
    secret::Secret,
    workspace::Workspace,
};
use serde_json::json;
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use tokio::time::timeout;
use usecases::token::{self, Refresh, TokenAnswer, TokenError};

pub async fn refresh(house: &House, client: &Client, token: &Secret) -> Result<TokenAnswer, TokenError> {
    let form = Refresh { refresh_token: token.expose().to_owned(), scope: None, resource: None };
    token::refresh(&house.deps, client, form).await
}

pub fn renewal(answer: &TokenAnswer) -> Secret {
    answer.refresh_token.clone().unwrap()
}

pub async fn connected(store: Store) -> (House, Workspace, Client, TokenAnswer) {
    let house = House::new(store);
    let ada = house.person("Ada").await;
    let workspace = house.workspace(&ada, "Analytical Engines").await;
    let (client, answer) = house.connect(&ada, &workspace).await;
    (house, workspace, client, answer)
}

/// What the diary is told of a refused refresh.
async fn why_not(house: &House, client: &Client, pair: &TokenAnswer) -> Mismatch {
    match refresh(house, client, &renewal(pair)).await {
        Err(TokenError::InvalidGrant(fault)) => fault.mismatch,
        _ => panic!("it was not refused"),
    }
}

on_both_databases! {
    async fn refreshing_rotates_and_the_new_pair_works(store: Store) {
        let (house, _, client, first) = connected(store).await;
        let second = refresh(&house, &client, &renewal(&first)).await.unwrap();
        assert!(house.is_let_in(&second).await);
        assert!(refresh(&house, &client, &renewal(&second)).await.is_ok());
    }

    async fn two_places_may_refresh_with_one_token_at_once(store: Store) {
        let (house, _, client, first) = connected(store).await;
        let one = refresh(&house, &client, &renewal(&first)).await.unwrap();
        house.clock.advance(Duration::from_secs(59));
        let other = refresh(&house, &client, &renewal(&first)).await.unwrap();
        assert!(house.is_let_in(&one).await && house.is_let_in(&other).await);
    }

    async fn a_lost_answer_is_replaced_long_after(store: Store) {
        let (house, _, client, first) = connected(store).await;
        let lost = refresh(&house, &client, &renewal(&first)).await.unwrap();
        house.clock.advance(Duration::from_secs(3_600));
        let found = refresh(&house, &client, &renewal(&first)).await.unwrap();
        assert!(house.is_let_in(&found).await);
        assert!(!house.is_let_in(&lost).await);
        assert!(refresh(&house, &client, &renewal(&lost)).await.is_err());
    }

    async fn a_copied_token_ends_its_family_and_no_other(store: Store) {
        let (house, workspace, client, first) = connected(store).await;
        let ada = house.viewer_again().await;
        let code = house.approve(&ada, &client, &workspace).await;
        let other_family = house.redeem(&client, &code).await.unwrap();
        let second = refresh(&house, &client, &renewal(&first)).await.unwrap();
        assert!(house.is_let_in(&second).await);
        house.clock.advance(Duration::from_secs(61));
        assert!(refresh(&house, &client, &renewal(&first)).await.is_err());
        assert!(!house.is_let_in(&second).await);
        assert!(refresh(&house, &client, &renewal(&second)).await.is_err());
        assert!(house.is_let_in(&other_family).await);
        assert!(refresh(&house, &client, &renewal(&other_family)).await.is_ok());
        let told = house.audit(&workspace).await.into_iter().filter(|action| *action == "token.refresh_replayed");
        assert_eq!(told.count(), 1, "a family ends once, however often its tokens come back");
    }

    async fn a_grandparent_ends_its_family_at_once(store: Store) {
        let (house, workspace, client, first) = connected(store).await;
        let second = refresh(&house, &client, &renewal(&first)).await.unwrap();
        let third = refresh(&house, &client, &renewal(&second)).await.unwrap();
        assert!(matches!(refresh(&house, &client, &renewal(&first)).await, Err(TokenError::InvalidGrant(_))));
        assert!(!house.is_let_in(&third).await);
        assert!(refresh(&house, &client, &renewal(&third)).await.is_err());
        assert!(house.audit(&workspace).await.contains(&"token.refresh_replayed"));
    }

    async fn a_token_that_is_over_is_noted_as_copied_or_as_idle_for_too_long(store: Store) {
        let (house, _, client, first) = connected(store).await;
        let second = refresh(&house, &client, &renewal(&first)).await.unwrap();
        let third = refresh(&house, &client, &renewal(&second)).await.unwrap();
        for copied in [&first, &third, &first] {
            assert_eq!(why_not(&house, &client, copied).await, Mismatch::RefreshReplayed);
        }
        let ada = house.viewer_again().await;
        let workspace = house.workspace(&ada, "Babbage Labs").await;
        let (_, idle) = house.connect(&ada, &workspace).await;
        house.clock.advance(house.deps.settings.lifetimes.refresh_idle);
        for expired in [&idle, &third] {
            assert_eq!(why_not(&house, &client, expired).await, Mismatch::RefreshExpired);
        }
    }

    async fn a_replaced_token_that_is_shown_after_all_ends_its_family(store: Store) {
        let (house, workspace, client, first) = connected(store).await;
        let lost = refresh(&house, &client, &renewal(&first)).await.unwrap();
        house.clock.advance(Duration::from_secs(61));
        let found = refresh(&house, &client, &renewal(&first)).await.unwrap();
        assert!(house.is_let_in(&found).await);
        assert!(refresh(&house, &client, &renewal(&lost)).await.is_err());
        assert!(!house.is_let_in(&found).await);
        assert!(house.audit(&workspace).await.contains(&"token.refresh_replayed"));
    }

    async fn another_clients_token_is_refused_and_ends_nothing(store: Store) {
        let (house, workspace, client, first) = connected(store).await;
        let stranger = house.client_named("Stranger").await;
        let second = refresh(&house, &client, &renewal(&first)).await.unwrap();
        house.clock.advance(Duration::from_secs(61));
        assert!(house.is_let_in(&second).await);
        for token in [renewal(&first), renewal(&second)] {
            assert!(matches!(refresh(&house, &stranger, &token).await, Err(TokenError::InvalidGrant(_))));
        }
        assert!(house.is_let_in(&second).await);
        assert!(refresh(&house, &client, &renewal(&second)).await.is_ok());
        assert!(!house.audit(&workspace).await.contains(&"token.refresh_replayed"));
    }

    async fn a_replay_into_a_revoked_connection_changes_nothing_more(store: Store) {
        let (house, workspace, client, first) = connected(store).await;
        let second = refresh(&house, &client, &renewal(&first)).await.unwrap();
        token::revoke(&house.deps, &client, renewal(&second).expose()).await.unwrap();
        house.clock.advance(Duration::from_secs(61));
        for token in [renewal(&first), renewal(&second)] {
            assert!(matches!(refresh(&house, &client, &token).await, Err(TokenError::InvalidGrant(_))));
        }
        assert!(!house.audit(&workspace).await.contains(&"token.refresh_replayed"));
    }

    async fn a_token_that_is_over_takes_nobodys_turn_to_write(store: Store) {
        let (house, workspace, client, first) = connected(store).await;
        let second = refresh(&house, &client, &renewal(&first)).await.unwrap();
        refresh(&house, &client, &renewal(&second)).await.unwrap();
        assert!(refresh(&house, &client, &renewal(&first)).await.is_err(), "the replay is put on record");
        let ada = house.viewer_again().await;
        let code = house.approve(&ada, &client, &workspace).await;
        let ended = house.redeem(&client, &code).await.unwrap();
        token::revoke(&house.deps, &client, renewal(&ended).expose()).await.unwrap();
        // On SQLite nobody else writes meanwhile.
        let _writing = house.deps.store.begin().await.unwrap();
        for pair in [&first, &second, &ended] {
            let refused = timeout(Duration::from_secs(2), refresh(&house, &client, &renewal(pair))).await;
            assert!(matches!(refused.unwrap(), Err(TokenError::InvalidGrant(_))));
        }
        for text in [renewal(&ended), ended.access_token] {
            let given_back = timeout(Duration::from_secs(2), token::revoke(&house.deps, &client, text.expose())).await;
            assert!(given_back.unwrap().unwrap());
        }
    }

    async fn a_fault_of_the_request_spends_nothing_and_hides_no_replay(store: Store) {
        let (house, workspace, client, first) = connected(store).await;
        let faulty = |token: &Secret| {
            let sent = token.expose().to_owned();
            let form = Refresh { refresh_token: sent, scope: None, resource: None };
            [
                Refresh { resource: Some("https://other.example/mcp".to_owned()), refresh_token: form.refresh_token.clone(), scope: None },
                Refresh { scope: Some("admin".to_owned()), ..form },
            ]
        };
        for form in faulty(&renewal(&first)) {
            let refused = token::refresh(&house.deps, &client, form).await;
            assert!(matches!(refused, Err(TokenError::InvalidTarget(..) | TokenError::InvalidScope)));
        }
        let second = refresh(&house, &client, &renewal(&first)).await.unwrap();
        house.clock.advance(Duration::from_secs(61));
        for form in faulty(&renewal(&first)) {
            assert!(token::refresh(&house.deps, &client, form).await.is_err());
        }
        assert!(house.is_let_in(&second).await, "a faulty request replaced a pair");
        for form in faulty(&renewal(&first)) {
            assert!(matches!(token::refresh(&house.deps, &client, form).await, Err(TokenError::InvalidGrant(_))));
        }
        assert!(!house.is_let_in(&second).await);
        assert!(house.audit(&workspace).await.contains(&"token.refresh_replayed"));
    }

    async fn one_client_holds_many_grants_of_one_person(store: Store) {
        let (house, workspace, client, first) = connected(store).await;
        let ada = house.viewer_again().await;
        let mut pairs = vec![first];
        for _ in 0..4 {
            let code = house.approve(&ada, &client, &workspace).await;
            pairs.push(house.redeem(&client, &code).await.unwrap());
        }
        let last = pairs.pop().unwrap();
        token::revoke(&house.deps, &client, renewal(&last).expose()).await.unwrap();
        assert!(!house.is_let_in(&last).await);
        for pair in pairs {
            let renewed = refresh(&house, &client, &renewal(&pair)).await.unwrap();
            assert!(house.is_let_in(&pair).await && house.is_let_in(&renewed).await);
        }
    }

    async fn a_refresh_narrows_scopes_and_never_widens_them(store: Store) {
        let (house, _, client, first) = connected(store).await;
        let ask = |scope: &str, token: &Secret| Refresh {
            refresh_token: token.expose().to_owned(),
            scope: Some(scope.to_owned()),
            resource: None,
        };
        let narrowed = token::refresh(&house.deps, &client, ask("openid", &renewal(&first))).await.unwrap();
        assert_eq!(narrowed.scopes.to_string(), "openid");
        let useless = token::refresh(&house.deps, &client, ask("admin", &renewal(&narrowed))).await;
        assert!(matches!(useless, Err(TokenError::InvalidScope)));
    }

    async fn without_offline_access_there_is_no_refresh_token(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Analytical Engines").await;
        let client = house.client().await;
        let code = house.approve_only(&ada, &client, &workspace, ScopeSet::parse("profile")).await;
        let answer = house.redeem(&client, &code).await.unwrap();
        assert_eq!(answer.scopes.to_string(), "openid profile");
        assert!(answer.refresh_token.is_none());
    }

    async fn an_access_token_lives_a_day(store: Store) {
        let (house, _, _, answer) = connected(store).await;
        house.clock.advance(Duration::from_secs(86_399));
        assert!(house.is_let_in(&answer).await);
        house.clock.advance(Duration::from_secs(1));
        assert!(!house.is_let_in(&answer).await);
    }

    async fn only_its_own_client_takes_a_token_back(store: Store) {
        let (house, _, client, answer) = connected(store).await;
        let stranger = house.client_named("Stranger").await;
        token::revoke(&house.deps, &stranger, answer.access_token.expose()).await.unwrap();
        assert!(house.is_let_in(&answer).await);
        token::revoke(&house.deps, &client, answer.access_token.expose()).await.unwrap();
        assert!(!house.is_let_in(&answer).await);
        let again = refresh(&house, &client, &renewal(&answer)).await.unwrap();
        token::revoke(&house.deps, &client, renewal(&again).expose()).await.unwrap();
        assert!(!house.is_let_in(&again).await);
        assert!(refresh(&house, &client, &renewal(&again)).await.is_err());
    }

    async fn a_confidential_client_proves_itself_and_a_public_one_has_nothing_to_prove(store: Store) {
        use usecases::client::{Presented, Proof, authenticate, register};
        let house = House::new(store);
        let document = json!({
            "client_name": "Server", "redirect_uris": ["https://server.example/cb"],
            "token_endpoint_auth_method": "client_secret_basic",
        });
        let registered = register(&house.deps, &document).await.unwrap();
        let id = registered.client.id.0;
        let secret = registered.secret.unwrap().expose().to_owned();
        let present = |id: &str, secret: Option<&str>| Presented {
            client_id: Some(id.to_owned()),
            proof: secret.map_or(Proof::Nothing, |secret| Proof::Secret(secret.to_owned())),
        };
        assert!(authenticate(&house.deps, present(&id, Some(&secret))).await.is_ok());
        assert!(authenticate(&house.deps, present(&id, None)).await.is_err());
        assert!(authenticate(&house.deps, present(&id, Some("vcs_wrong"))).await.is_err());
        let public = house.client().await.id.0;
        assert!(authenticate(&house.deps, present(&public, None)).await.is_ok());
        assert!(authenticate(&house.deps, present(&public, Some(&secret))).await.is_err());
        assert!(authenticate(&house.deps, present("nobody", None)).await.is_err());
    }
}
