//! Registrations: shared where they are identical, gone when nobody uses them.

use crate::house::{CALLBACK, House};
use domain::{
    audit::{Action, Actor},
    oauth::client::{Client, ClientId, Fingerprint, Standing},
    secret::Secret,
};
use serde_json::json;
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;
use tokio::task::JoinSet;

const DAY: Duration = Duration::from_secs(86_400);

on_both_databases! {
    async fn of_thirty_two_identical_registrations_at_once_there_is_one_client(store: Store) {
        let house = House::new(store);
        let document = json!({ "client_name": "Claude", "redirect_uris": [CALLBACK] });
        // Nobody shall be late because a connection has to be made first.
        let deps = &house.deps;
        let pings: JoinSet<_> = (0..32).map(|_| deps.store.clone()).map(|store| async move { store.ping().await }).collect();
        pings.join_all().await;
        let registrations: JoinSet<_> = (0..32)
            .map(|_| (deps.clone(), document.clone()))
            .map(|(deps, document)| async move { usecases::client::register(&deps, &document).await.unwrap() })
            .collect();
        let told = registrations.join_all().await;
        assert!(told.iter().all(|registered| registered.client.id == told[0].client.id));
        assert_eq!(told.iter().filter(|registered| registered.registration_token.is_some()).count(), 1);
        let known = store::client::list(&house.deps.store).await.unwrap();
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].registration_token_hash, None, "what is shared is nobody's to change");
        let audited = house.audit_of_server().await;
        assert_eq!(audited.iter().filter(|(_, action)| *action == "client.registered").count(), 1);
    }

    async fn a_registration_that_nobody_authorized_is_gone_after_a_month(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        house.clock.advance(DAY * 29);
        sweep(&house).await;
        assert!(is_known(&house, &client).await);
        house.clock.advance(DAY * 2);
        sweep(&house).await;
        assert!(!is_known(&house, &client).await);
    }

    async fn a_registration_that_is_asked_for_again_lives_on(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        house.clock.advance(DAY * 29);
        assert_eq!(house.client().await.id, client.id);
        house.clock.advance(DAY * 29);
        house.ask(&client).await;
        house.clock.advance(DAY * 29);
        sweep(&house).await;
        assert!(is_known(&house, &client).await);
    }

    async fn a_client_with_a_live_connection_is_never_swept_out(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (client, answer) = house.connect(&ada, &workspace).await;
        // An app that refreshes every now and then, for more than a year of idle registration.
        let mut refresh = answer.refresh_token.unwrap();
        for _ in 0..4 {
            house.clock.advance(DAY * 85);
            sweep(&house).await;
            let form = usecases::token::Refresh {
                refresh_token: refresh.expose().to_owned(),
                scope: None,
                resource: None,
            };
            let known = store::client::find(&house.deps.store, &client.id).await.unwrap().unwrap();
            refresh = usecases::token::refresh(&house.deps, &known, form).await.unwrap().refresh_token.unwrap();
        }
    }

    async fn a_client_whose_connections_ended_is_gone_a_quarter_later(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let (client, _) = house.connect(&ada, &workspace).await;
        let member = house.member(&ada, &workspace).await;
        for app in usecases::grant::list(&house.deps, &member).await.unwrap() {
            usecases::grant::revoke(&house.deps, &member, app.grant.id).await.unwrap();
        }
        house.clock.advance(DAY * 89);
        sweep(&house).await;
        assert!(is_known(&house, &client).await);
        house.clock.advance(DAY * 3);
        sweep(&house).await;
        assert!(!is_known(&house, &client).await);
    }

    async fn a_request_that_nobody_answered_is_gone_an_hour_after_it_closed(store: Store) {
        let house = House::new(store);
        let client = house.client().await;
        let request = house.ask(&client).await;
        let is_kept = async || store::authorization_request::find(&house.deps.store, request).await.unwrap().is_some();
        house.clock.advance(Duration::from_secs(600 + 3_599));
        sweep(&house).await;
        assert!(is_kept().await);
        house.clock.advance(Duration::from_secs(1));
        sweep(&house).await;
        assert!(!is_kept().await);
    }

    async fn a_client_that_takes_itself_back_ends_its_connections_in_the_sight_of_their_workspaces(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let (engines, looms) = (house.workspace(&ada, "Engines").await, house.workspace(&ada, "Looms").await);
        let (client, token) = own_client(&house, "Claude").await;
        let mut answers = Vec::new();
        for workspace in [&engines, &looms] {
            let code = house.approve(&ada, &client, workspace).await;
            answers.push(house.redeem(&client, &code).await.unwrap());
        }
        usecases::token::revoke(&house.deps, &client, answers[0].refresh_token.as_ref().unwrap().expose()).await.unwrap();
        usecases::client::delete(&house.deps, &client.id, token.expose()).await.unwrap();
        for (workspace, answer) in [(&engines, &answers[0]), (&looms, &answers[1])] {
            assert!(!house.is_let_in(answer).await);
            let told = store::audit::list(&house.deps.store, workspace.id, 100).await.unwrap();
            let ended: Vec<_> = told.iter().filter(|event| event.action == Action::GrantRevoked).collect();
            assert_eq!(ended.len(), 1, "{}: {told:?}", workspace.name);
            assert_eq!(ended[0].target, answer.grant.to_string());
            assert_eq!(ended[0].actor, Actor::Client(client.id.to_string()));
        }
        assert!(house.audit_of_server().await.iter().any(|(_, action)| *action == "client.deleted"));
    }

    async fn a_client_that_refreshes_while_it_takes_itself_back_waits_for_nobody(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        for round in 0..20 {
            let (client, token) = own_client(&house, &format!("Claude {round}")).await;
            let code = house.approve(&ada, &client, &workspace).await;
            let answer = house.redeem(&client, &code).await.unwrap();
            // Long enough for the refresh to write down that the client was seen.
            house.clock.advance(DAY * 2);
            let form = usecases::token::Refresh {
                refresh_token: answer.refresh_token.unwrap().expose().to_owned(),
                scope: None,
                resource: None,
            };
            let refresh = usecases::token::refresh(&house.deps, &client, form);
            let delete = usecases::client::delete(&house.deps, &client.id, token.expose());
            let (refreshed, deleted) = tokio::join!(refresh, delete);
            assert!(!matches!(refreshed, Err(usecases::token::TokenError::Store(_))), "{round}: {:?}", refreshed.err());
            deleted.unwrap();
        }
    }

    async fn what_the_operator_entered_stays(store: Store) {
        let house = House::new(store);
        let added = usecases::client::add(
            &house.deps,
            &usecases::access::operator::at_command_line(),
            usecases::client::NewClient {
                logo_uri: None,
                name: "CRM".to_owned(),
                redirect_uris: vec![CALLBACK.to_owned()],
                is_confidential: false,
                identity_token_algorithm: None,
            },
        )
        .await
        .unwrap();
        house.clock.advance(DAY * 1_000);
        sweep(&house).await;
        assert!(is_known(&house, &added.client).await);
    }

    async fn many_identical_registrations_are_one_row(store: Store) {
        let house = House::new(store);
        let first = house.client().await;
        for _ in 0..20 {
            assert_eq!(house.client().await.id, first.id);
        }
        assert_eq!(store::client::list(&house.deps.store).await.unwrap().len(), 1);
    }

    // The port of a loopback address was a part of a fingerprint once.
    async fn what_was_decided_about_a_registration_holds_for_those_that_are_the_same_now(store: Store) {
        let house = House::new(store);
        let listening = |port: u16| json!({
            "client_name": "Codex", "redirect_uris": [format!("http://127.0.0.1:{port}/callback")],
        });
        let first = usecases::client::register(&house.deps, &listening(1455)).await.unwrap().client;
        let transaction = house.deps.store.begin().await.unwrap();
        let mut older = vec![Client { fingerprint: Some(Fingerprint([0; 32])), ..first.clone() }];
        store::client::update(&transaction, &older[0]).await.unwrap();
        for (byte, standing) in [(1, Standing::Blocked), (2, Standing::Asked)] {
            let id = ClientId(format!("client_{byte}"));
            older.push(Client { id, standing, fingerprint: Some(Fingerprint([byte; 32])), ..first.clone() });
            store::client::insert(&transaction, older.last().unwrap()).await.unwrap();
        }
        transaction.commit().await.unwrap();

        assert_eq!(usecases::client::catch_up(&house.deps).await.unwrap(), 3);
        assert_eq!(usecases::client::catch_up(&house.deps).await.unwrap(), 0);
        let now = usecases::client::register(&house.deps, &listening(40_001)).await.unwrap().client;
        assert_eq!((&now.id, now.standing), (&older[1].id, Standing::Blocked));
        for client in &older {
            assert!(is_known(&house, client).await);
        }
    }

    async fn an_update_that_races_with_an_identical_registration_changes_no_shared_client(store: Store) {
        let house = House::new(store);
        for round in 0..20 {
            let document = json!({ "client_name": format!("Claude {round}"), "redirect_uris": [CALLBACK] });
            let first = usecases::client::register(&house.deps, &document).await.unwrap();
            let token = first.registration_token.unwrap();
            let id: ClientId = first.client.id.clone();
            let evil = json!({ "client_id": id, "redirect_uris": ["https://evil.example/callback"] });
            let update = usecases::client::update(&house.deps, &id, token.expose(), &evil);
            let (_, second) = tokio::join!(update, usecases::client::register(&house.deps, &document));
            let second = second.unwrap().client;
            let kept = store::client::find(&house.deps.store, &second.id).await.unwrap().unwrap();
            assert_eq!(kept.redirect_uris[0].as_str(), CALLBACK);
        }
    }
}

/// A client that nobody shares, with the token for its registration.
async fn own_client(house: &House, name: &str) -> (Client, Secret) {
    let document = json!({ "client_name": name, "redirect_uris": [CALLBACK] });
    let registered = usecases::client::register(&house.deps, &document).await.unwrap();
    (registered.client, registered.registration_token.unwrap())
}

async fn sweep(house: &House) {
    usecases::housekeeping::sweep(&house.deps).await.unwrap();
}

async fn is_known(house: &House, client: &Client) -> bool {
    store::client::find(&house.deps.store, &client.id).await.unwrap().is_some()
}
