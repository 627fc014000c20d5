//! Quotas and usage.

use crate::{oauth::at_once, workshop::Workshop};
use domain::{
    clock::Timestamp,
    id::{ApiKeyId, GrantId, UsageEventId, WorkspaceId},
    linkedin_url::VanityName,
    quota::{Cycle, Units},
    usage::{Door, Outcome, Payer, UsageEvent},
};
use std::{collections::HashMap, time::Duration};
use store::{
    Store, quota,
    usage::{self, DayCount, PayerCount},
};
use testkit::on_both_databases;

on_both_databases! {
    async fn a_new_month_starts_at_nothing(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let cycle = Cycle::containing(workshop.now());
        let used = Units { avatar_requests: 3, avatar_new_profiles: 2 };
        let transaction = store.begin().await.unwrap();
        let (plan, before) = quota::lock(&transaction, workspace.id, cycle).await.unwrap();
        assert_eq!((plan.id.as_str(), before), ("free", Units::default()));
        quota::save(&transaction, workspace.id, cycle, used).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(quota::balance(&store, workspace.id, cycle).await.unwrap().used, used);

        let next = Cycle::containing(cycle.resets_at);
        let balance = quota::balance(&store, workspace.id, next).await.unwrap();
        assert_eq!((balance.used, balance.cycle, balance.plan.name.as_str()), (Units::default(), next, "Free"));
    }

    async fn of_fifty_calls_at_once_each_takes_its_own_unit(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let (id, cycle) = (workspace.id, Cycle::containing(workshop.now()));
        at_once(&store, move |store: Store| async move {
            let transaction = store.begin().await.unwrap();
            let (_, mut used) = quota::lock(&transaction, id, cycle).await.unwrap();
            used.avatar_requests += 1;
            quota::save(&transaction, id, cycle, used).await.unwrap();
            transaction.commit().await.unwrap();
        })
        .await;
        assert_eq!(quota::balance(&store, id, cycle).await.unwrap().used.avatar_requests, 50);
    }

    async fn a_profile_is_new_to_a_workspace_once(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let (_, other) = workshop.owned_workspace(&store, "Strangers").await;
        let names = ["ada-lovelace", "charles-babbage", "ada-lovelace"].map(vanity);
        let transaction = store.begin().await.unwrap();
        assert_eq!(quota::unseen(&transaction, workspace.id, &names).await.unwrap().len(), 2);
        quota::mark_seen(&transaction, workspace.id, &names[..1], workshop.now()).await.unwrap();
        quota::mark_seen(&transaction, workspace.id, &names[..1], workshop.later(5)).await.unwrap();
        let unseen = quota::unseen(&transaction, workspace.id, &names).await.unwrap();
        assert_eq!(unseen.into_iter().collect::<Vec<_>>(), [vanity("charles-babbage")]);
        assert_eq!(quota::unseen(&transaction, other.id, &names).await.unwrap().len(), 2);
        assert!(quota::unseen(&transaction, other.id, &[]).await.unwrap().is_empty());
        quota::mark_seen(&transaction, other.id, &[], workshop.now()).await.unwrap();
    }

    async fn calls_add_up_by_day_and_by_payer(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let (_, other) = workshop.owned_workspace(&store, "Strangers").await;
        let grant = GrantId::generate(workshop.now(), &workshop.entropy);
        let key = ApiKeyId::generate(workshop.now(), &workshop.entropy);
        let call = |workspace: WorkspaceId, at: Timestamp, payer, outcome| UsageEvent {
            id: UsageEventId::generate(at, &workshop.entropy),
            at,
            workspace,
            payer,
            operation: "get_profile",
            vanity: vanity("ada-lovelace"),
            outcome,
        };
        let today = workshop.now();
        let tomorrow = today.plus(Duration::from_secs(86_400));
        let batch = [
            (call(workspace.id, today, Payer::Grant(grant), Outcome::Found), true),
            (call(workspace.id, today, Payer::Grant(grant), Outcome::Missing), false),
            (call(workspace.id, today, Payer::Key(key), Outcome::Found), false),
            (call(other.id, today, Payer::Key(key), Outcome::Found), true),
        ];
        let transaction = store.begin().await.unwrap();
        usage::append(&transaction, &batch).await.unwrap();
        usage::append(&transaction, &[(call(workspace.id, today, Payer::Grant(grant), Outcome::Found), true)])
            .await
            .unwrap();
        usage::append(&transaction, &[(call(workspace.id, tomorrow, Payer::Key(key), Outcome::Missing), false)])
            .await
            .unwrap();
        usage::append(&transaction, &[]).await.unwrap();
        transaction.commit().await.unwrap();

        let day = today.day();
        let counted = usage::by_day(&store, workspace.id, day, day + 1).await.unwrap();
        assert_eq!(
            counted,
            [
                DayCount { day, door: Door::Mcp, calls: 3, new_profiles: 2 },
                DayCount { day, door: Door::Api, calls: 1, new_profiles: 0 },
                DayCount { day: day + 1, door: Door::Api, calls: 1, new_profiles: 0 },
            ]
        );
        assert_eq!(usage::by_day(&store, workspace.id, day + 1, day + 9).await.unwrap().len(), 1);
        let paid = usage::by_payer(&store, workspace.id, day, day + 1).await.unwrap();
        assert_eq!(
            paid,
            [
                PayerCount { payer: Payer::Grant(grant), calls: 3, new_profiles: 2, found: 2 },
                PayerCount { payer: Payer::Key(key), calls: 2, new_profiles: 0, found: 1 },
            ]
        );
        assert_eq!(usage::count(&store, workspace.id).await.unwrap(), 5);
        assert_eq!(usage::count(&store, other.id).await.unwrap(), 1);
        assert_eq!(usage::calls_of_grants(&store, workspace.id, day).await.unwrap(), HashMap::from([(grant, 3)]));
        assert_eq!(usage::calls_of_grants(&store, workspace.id, day + 1).await.unwrap(), HashMap::new());
    }

    async fn a_rolled_back_batch_leaves_no_call_and_no_unit(store: Store) {
        let workshop = Workshop::default();
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let cycle = Cycle::containing(workshop.now());
        let calls: Vec<(UsageEvent, bool)> = (0..256)
            .map(|number| {
                let event = UsageEvent {
                    id: UsageEventId::generate(workshop.now(), &workshop.entropy),
                    at: workshop.now(),
                    workspace: workspace.id,
                    payer: Payer::Key(ApiKeyId::generate(workshop.now(), &workshop.entropy)),
                    operation: "avatar",
                    vanity: vanity(&format!("person-{number}")),
                    outcome: Outcome::Found,
                };
                (event, true)
            })
            .collect();
        let names: Vec<VanityName> = calls.iter().map(|(event, _)| event.vanity.clone()).collect();
        for keep in [false, true] {
            let transaction = store.begin().await.unwrap();
            quota::lock(&transaction, workspace.id, cycle).await.unwrap();
            assert_eq!(quota::unseen(&transaction, workspace.id, &names).await.unwrap().len(), 256);
            quota::mark_seen(&transaction, workspace.id, &names, workshop.now()).await.unwrap();
            let used = Units { avatar_requests: 256, avatar_new_profiles: 256 };
            quota::save(&transaction, workspace.id, cycle, used).await.unwrap();
            usage::append(&transaction, &calls).await.unwrap();
            if keep {
                transaction.commit().await.unwrap();
            }
        }
        assert_eq!(usage::count(&store, workspace.id).await.unwrap(), 256);
        assert_eq!(quota::balance(&store, workspace.id, cycle).await.unwrap().used.avatar_new_profiles, 256);
    }
}

fn vanity(name: &str) -> VanityName {
    name.parse().unwrap()
}
