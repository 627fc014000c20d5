//! The operator's rules for clients, and the clients as the operator looks them over.

use crate::workshop::Workshop;
use domain::{
    id::PolicyRuleId,
    oauth::{
        client::{Client, Standing},
        client_policy::{Effect, Policy, PolicyRule, RuleSubject},
    },
};
use std::time::Duration;
use store::{
    Store, StoreError, client, client_policy,
    client_search::{self, Wanted},
    grant, user,
};
use testkit::on_both_databases;

on_both_databases! {
    async fn a_fresh_server_allows_every_client(store: Store) {
        assert_eq!(client_policy::find(&store).await.unwrap(), Policy { rules: vec![], default: Effect::Allow });
    }

    async fn rules_read_back_as_they_were_and_there_is_one_a_subject(store: Store) {
        let workshop = Workshop::default();
        let rules = [
            rule(&workshop, 1, "host", "*.evil.example", Effect::Block),
            rule(&workshop, 2, "host", "cursor:", Effect::Allow),
            rule(&workshop, 3, "name", "Inspector*", Effect::Ask),
            rule(&workshop, 4, "client", "https://x.example/client", Effect::Block),
        ];
        let transaction = store.begin().await.unwrap();
        for rule in &rules {
            client_policy::insert(&transaction, rule).await.unwrap();
        }
        client_policy::set_default(&transaction, Effect::Ask).await.unwrap();
        let policy = client_policy::hold(&transaction).await.unwrap();
        assert_eq!(policy, Policy { rules: rules.to_vec(), default: Effect::Ask });
        assert!(client_policy::delete(&transaction, rules[0].id).await.unwrap());
        assert!(!client_policy::delete(&transaction, rules[0].id).await.unwrap());
        transaction.commit().await.unwrap();
        assert_eq!(client_policy::find(&store).await.unwrap().rules, rules[1..]);

        let transaction = store.begin().await.unwrap();
        let again = rule(&workshop, 5, "host", "cursor:", Effect::Block);
        assert!(matches!(client_policy::insert(&transaction, &again).await, Err(StoreError::Conflict)));
    }

    async fn whoever_only_looks_at_the_policy_waits_for_nobody_who_changes_it(store: Store) {
        let transaction = store.begin().await.unwrap();
        client_policy::hold(&transaction).await.unwrap();
        let looked = tokio::time::timeout(Duration::from_secs(5), client_policy::find(&store)).await;
        assert!(looked.is_ok_and(|policy| policy.is_ok()));
        transaction.commit().await.unwrap();
    }

    async fn what_holds_for_all_others_is_no_rule_and_stays(store: Store) {
        let transaction = store.begin().await.unwrap();
        assert!(!client_policy::delete(&transaction, PolicyRuleId(sea_orm::prelude::Uuid::nil())).await.unwrap());
        client_policy::set_default(&transaction, Effect::Block).await.unwrap();
        assert_eq!(client_policy::hold(&transaction).await.unwrap().default, Effect::Block);
    }

    async fn clients_are_found_by_name_address_and_standing_those_that_wait_first(store: Store) {
        let workshop = Workshop::default();
        let clients = [
            client(&workshop, "Claude", Standing::Allowed, 30),
            client(&workshop, "100% Inspector", Standing::Blocked, 20),
            client(&workshop, "Contact_Sheet", Standing::Asked, 10),
            client(&workshop, "ChatGPT", Standing::Allowed, 40),
        ];
        let transaction = store.begin().await.unwrap();
        for client in &clients {
            client::insert(&transaction, client).await.unwrap();
        }
        transaction.commit().await.unwrap();
        for (text, standing, found) in [
            ("", None, &["Contact_Sheet", "ChatGPT", "Claude", "100% Inspector"][..]),
            ("", Some(Standing::Allowed), &["ChatGPT", "Claude"]),
            ("C", None, &["Contact_Sheet", "ChatGPT", "Claude", "100% Inspector"]),
            ("cha", None, &["ChatGPT"]),
            ("CLAUDE-", None, &["Claude"]),
            ("claude.ai", Some(Standing::Asked), &["Contact_Sheet"]),
            ("%", None, &["100% Inspector"]),
            ("t_s", None, &["Contact_Sheet"]),
            ("\\", None, &[]),
            ("z\0z", None, &[]),
        ] {
            let wanted = Wanted { text: text.to_owned(), standing };
            let list = client_search::list(&store, &wanted, 0, 9).await.unwrap();
            assert_eq!(list.iter().map(|client| client.name.as_str()).collect::<Vec<_>>(), found, "{text}");
            assert_eq!(client_search::count(&store, &wanted).await.unwrap(), found.len() as u64);
        }
        let rest = client_search::list(&store, &Wanted::default(), 3, 2).await.unwrap();
        assert_eq!(rest.iter().map(|client| client.name.as_str()).collect::<Vec<_>>(), ["100% Inspector"]);
    }

    async fn only_the_named_clients_change_their_standing(store: Store) {
        let workshop = Workshop::default();
        let clients: Vec<_> =
            (0..1_001).map(|number| client(&workshop, &format!("App {number}"), Standing::Allowed, 0)).collect();
        let other = client(&workshop, "Other", Standing::Asked, 0);
        let transaction = store.begin().await.unwrap();
        for client in clients.iter().chain([&other]) {
            client::insert(&transaction, client).await.unwrap();
        }
        let ids: Vec<_> = clients.iter().map(|client| &client.id).collect();
        client_policy::set_standing(&transaction, &ids, Standing::Blocked).await.unwrap();
        transaction.commit().await.unwrap();
        let blocked = Wanted { standing: Some(Standing::Blocked), ..Wanted::default() };
        assert_eq!(client_search::count(&store, &blocked).await.unwrap(), 1_001);
        assert_eq!(client::find(&store, &other.id).await.unwrap(), Some(other));
    }

    async fn live_grants_are_counted_and_ended_ones_are_not(store: Store) {
        let workshop = Workshop::default();
        let connected = workshop.connected(&store).await;
        let idle = client(&workshop, "Idle", Standing::Allowed, 0);
        let ids = [&connected.client.id, &idle.id];
        assert_eq!(client_search::live_grants(&store, &ids).await.unwrap(), [(connected.client.id.clone(), 1)].into());
        let transaction = store.begin().await.unwrap();
        grant::revoke(&transaction, connected.grant.id, workshop.now()).await.unwrap();
        transaction.commit().await.unwrap();
        assert!(client_search::live_grants(&store, &ids).await.unwrap().is_empty());
    }

    async fn an_operator_is_named_once_and_dismissed_once(store: Store) {
        let workshop = Workshop::default();
        let ada = workshop.user("Ada Lovelace");
        let transaction = store.begin().await.unwrap();
        user::insert(&transaction, &ada, "x").await.unwrap();
        assert!(user::name_operator(&transaction, ada.id, workshop.later(1)).await.unwrap());
        assert!(!user::name_operator(&transaction, ada.id, workshop.later(2)).await.unwrap());
        let found = user::find(&transaction, ada.id).await.unwrap().unwrap();
        assert_eq!((found.operator_since, found.is_operator()), (Some(workshop.later(1)), true));
        user::disable(&transaction, ada.id, workshop.now()).await.unwrap();
        assert!(!user::find(&transaction, ada.id).await.unwrap().unwrap().is_operator());
        assert!(user::dismiss_operator(&transaction, ada.id).await.unwrap());
        assert!(!user::dismiss_operator(&transaction, ada.id).await.unwrap());
    }
}

fn rule(workshop: &Workshop, second: u64, kind: &str, text: &str, effect: Effect) -> PolicyRule {
    PolicyRule {
        id: PolicyRuleId::generate(workshop.now(), &workshop.entropy),
        subject: RuleSubject::parse(kind, text).unwrap(),
        effect,
        created_at: workshop.later(second),
    }
}

fn client(workshop: &Workshop, name: &str, standing: Standing, seen: u64) -> Client {
    let last_seen_at = Some(workshop.now().plus(Duration::from_secs(seen)));
    Client { standing, last_seen_at, ..workshop.client(name) }
}
