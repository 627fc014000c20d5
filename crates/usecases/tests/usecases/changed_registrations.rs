//! A client that changes what it says of itself keeps nothing that was given to what it said before.

use crate::house::{CALLBACK, House};
use domain::oauth::{
    client::{Client, Standing},
    client_policy::{Effect, RuleSubject},
};
use serde_json::json;
use store::Store;
use testkit::on_both_databases;
use usecases::{access::operator::at_command_line, client, client_policy};

/// Registers under one name and address, and then says to be Claude.
async fn turned_claude(house: &House, approve: bool) -> Client {
    let document = json!({ "client_name": "Harmless", "redirect_uris": ["https://good.example/cb"] });
    let registered = client::register(&house.deps, &document).await.unwrap();
    let id = registered.client.id;
    if approve {
        let about = RuleSubject::Client(id.clone());
        client_policy::add_rule(&house.deps, &at_command_line(), about, Effect::Allow).await.unwrap();
    }
    let token = registered.registration_token.unwrap();
    let other = json!({ "client_id": id, "client_name": "Claude", "redirect_uris": [CALLBACK] });
    client::update(&house.deps, &id, token.expose(), &other).await.unwrap().client
}

on_both_databases! {
    async fn an_approval_is_of_what_the_client_said_then(store: Store) {
        let house = House::new(store);
        let blocked = RuleSubject::parse("host", "claude.ai").unwrap();
        client_policy::add_rule(&house.deps, &at_command_line(), blocked, Effect::Block).await.unwrap();
        let client = turned_claude(&house, true).await;
        assert_eq!(client.standing, Standing::Blocked);
        let policy = client_policy::policy(&house.deps, &at_command_line()).await.unwrap();
        assert_eq!(policy.rules.len(), 1);
        let audited = house.audit_of_server().await;
        assert!(audited.iter().any(|(_, action)| *action == "client_policy.rule_removed"));
    }

    async fn an_approval_stays_where_name_and_addresses_do(store: Store) {
        let house = House::new(store);
        client_policy::set_default(&house.deps, &at_command_line(), Effect::Ask).await.unwrap();
        let document = json!({ "client_name": "Notes", "redirect_uris": [CALLBACK] });
        let registered = client::register(&house.deps, &document).await.unwrap();
        let (id, token) = (registered.client.id, registered.registration_token.unwrap());
        let about = RuleSubject::Client(id.clone());
        client_policy::add_rule(&house.deps, &at_command_line(), about, Effect::Allow).await.unwrap();
        let same = json!({
            "client_id": id, "client_name": "Notes", "redirect_uris": [CALLBACK], "grant_types": ["authorization_code"],
        });
        let updated = client::update(&house.deps, &id, token.expose(), &same).await.unwrap().client;
        assert_eq!(updated.standing, Standing::Allowed);
    }

    async fn a_grant_keeps_the_name_that_its_person_consented_to(store: Store) {
        let house = House::new(store);
        let ada = house.person("Ada").await;
        let workspace = house.workspace(&ada, "Engines").await;
        let document = json!({ "client_name": "Notes", "redirect_uris": [CALLBACK] });
        let registered = client::register(&house.deps, &document).await.unwrap();
        house.approve(&ada, &registered.client, &workspace).await;
        let (id, token) = (registered.client.id, registered.registration_token.unwrap());
        let other = json!({ "client_id": id, "client_name": "Your Bank", "redirect_uris": [CALLBACK] });
        let renamed = client::update(&house.deps, &id, token.expose(), &other).await.unwrap().client;
        house.approve(&ada, &renamed, &workspace).await;
        let member = house.member(&ada, &workspace).await;
        let mut connections = usecases::grant::list(&house.deps, &member).await.unwrap();
        connections.sort_by_key(|connection| connection.grant.id.0);
        let consented: Vec<_> = connections.iter().map(|connection| connection.grant.client_name.as_str()).collect();
        assert_eq!(consented, ["Notes", "Your Bank"]);
        assert!(connections.iter().all(|connection| connection.client_name == "Your Bank"));
    }

    async fn nobody_is_taken_for_a_client_that_only_became_like_them(store: Store) {
        let house = House::new(store);
        let changed = turned_claude(&house, false).await;
        let document = json!({ "client_name": "Claude", "redirect_uris": [CALLBACK] });
        let genuine = client::register(&house.deps, &document).await.unwrap();
        assert_ne!(genuine.client.id, changed.id);
        assert_eq!(client::register(&house.deps, &document).await.unwrap().client.id, genuine.client.id);
    }
}
