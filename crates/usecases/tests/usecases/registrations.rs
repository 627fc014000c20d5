//! Registrations: shared where they are identical, gone when nobody uses them.

use crate::house::{CALLBACK, House};
use domain::oauth::client::{Client, ClientId};
use serde_json::json;
use std::time::Duration;
use store::Store;
use testkit::on_both_databases;

const DAY: Duration = Duration::from_secs(86_400);

on_both_databases! {
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

    async fn what_the_operator_entered_stays(store: Store) {
        let house = House::new(store);
        let added = usecases::client::add(
            &house.deps,
            &usecases::access::operator::at_command_line(),
            usecases::client::NewClient {
                name: "CRM".to_owned(),
                redirect_uris: vec![CALLBACK.to_owned()],
                is_confidential: false,
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

async fn sweep(house: &House) {
    usecases::housekeeping::sweep(&house.deps).await.unwrap();
}

async fn is_known(house: &House, client: &Client) -> bool {
    store::client::find(&house.deps.store, &client.id).await.unwrap().is_some()
}
