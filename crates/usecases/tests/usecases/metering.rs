//! What is answered is counted, and no more than the plan allows.

use crate::house::{House, vanity};
use domain::{
    api_key::KeyKind,
    principal::KeyHolder,
    quota::{Meter, Units},
    workspace::Workspace,
};
use store::Store;
use testkit::on_both_databases;
use tokio::task::JoinSet;
use usecases::{
    Deps, avatar,
    metering::{self, Range},
    profile::LookUpError,
    workspace,
};

async fn look(deps: &Deps, holder: &KeyHolder, name: &str) -> Result<avatar::AvatarShown, LookUpError> {
    avatar::show(deps, holder.workspace, holder.payer(), &vanity(name), "avatar").await
}

async fn at_the_crm(store: Store) -> (House, Workspace, KeyHolder) {
    let house = House::new(store);
    let ada = house.person("Ada").await;
    let workspace = house.workspace(&ada, "Analytical Engines").await;
    let key = house.key(&workspace, KeyKind::Publishable, &[]).await;
    let holder = house.holder(&key).await;
    (house, workspace, holder)
}

on_both_databases! {
    async fn each_call_takes_a_request_and_a_strangers_first_look_a_profile(store: Store) {
        let (house, workspace, holder) = at_the_crm(store).await;
        for name in ["ada-lovelace", "ada-lovelace", "charles-babbage"] {
            look(&house.deps, &holder, name).await.unwrap();
        }
        let balance = metering::balance(&house.deps, workspace.id).await.unwrap();
        assert_eq!(balance.used, Units { avatar_requests: 3, avatar_new_profiles: 2 });
        assert_eq!(store::usage::count(&house.deps.store, workspace.id).await.unwrap(), 3);
    }

    async fn of_a_crowd_exactly_the_plans_number_is_let_through(store: Store) {
        let (house, workspace, holder) = at_the_crm(store).await;
        let mut tasks = JoinSet::new();
        for number in 0..140 {
            let (deps, holder) = (house.deps.clone(), holder.clone());
            tasks.spawn(async move { look(&deps, &holder, &format!("person-{number}")).await });
        }
        let outcomes = tasks.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 100);
        for refused in outcomes.into_iter().filter_map(Result::err) {
            let LookUpError::Exceeded(exceeded) = refused else { panic!("{refused}") };
            assert_eq!((exceeded.meter, exceeded.limit), (Meter::AvatarNewProfiles, 100));
            assert_eq!(exceeded.to_string(), "quota exceeded for this workspace");
        }
        let balance = metering::balance(&house.deps, workspace.id).await.unwrap();
        assert_eq!(balance.used, Units { avatar_requests: 100, avatar_new_profiles: 100 });
        assert_eq!(store::usage::count(&house.deps.store, workspace.id).await.unwrap(), 100);
        assert!(look(&house.deps, &holder, "person-999").await.is_err());
        let known = store::usage::count(&house.deps.store, workspace.id).await.unwrap();
        assert_eq!(known, 100);
    }

    async fn a_larger_plan_helps_at_once_and_a_new_month_starts_at_nothing(store: Store) {
        let (house, workspace, holder) = at_the_crm(store).await;
        for number in 0..100 {
            look(&house.deps, &holder, &format!("person-{number}")).await.unwrap();
        }
        assert!(look(&house.deps, &holder, "one-more").await.is_err());
        workspace::change_plan(&house.deps, workspace.slug.as_str(), "team").await.unwrap();
        assert!(look(&house.deps, &holder, "one-more").await.is_ok());
        let resets_at = metering::balance(&house.deps, workspace.id).await.unwrap().cycle.resets_at;
        house.clock.set(resets_at);
        look(&house.deps, &holder, "one-more").await.unwrap();
        let balance = metering::balance(&house.deps, workspace.id).await.unwrap();
        assert_eq!(balance.used, Units { avatar_requests: 1, avatar_new_profiles: 0 });
    }

    async fn one_workspace_never_pays_for_another(store: Store) {
        let (house, workspace, holder) = at_the_crm(store).await;
        let eve = house.person("Eve").await;
        let other = house.workspace(&eve, "Other").await;
        look(&house.deps, &holder, "ada-lovelace").await.unwrap();
        assert_eq!(metering::balance(&house.deps, other.id).await.unwrap().used, Units::default());
        assert_eq!(metering::balance(&house.deps, workspace.id).await.unwrap().used.avatar_requests, 1);
    }

    async fn the_report_says_when_and_by_whom(store: Store) {
        let (house, workspace, holder) = at_the_crm(store).await;
        look(&house.deps, &holder, "ada-lovelace").await.unwrap();
        look(&house.deps, &holder, "ada-lovelace").await.unwrap();
        let ada = house.viewer_again().await;
        let member = house.member(&ada, &workspace).await;
        let report = metering::report(&house.deps, &member, Range::Cycle).await.unwrap();
        let today = report.days.iter().find(|day| day.day == report.today).unwrap();
        assert_eq!((today.api, today.mcp, today.new_profiles), (2, 0, 1));
        assert_eq!(report.payers.len(), 1);
        assert_eq!((report.payers[0].name.as_str(), report.payers[0].calls), ("CRM", 2));
    }

    async fn a_key_bound_to_pages_opens_only_there_and_a_revoked_one_nowhere(store: Store) {
        use usecases::{access::api_key::{KeyError, holder}, api_key};
        let (house, workspace, _) = at_the_crm(store).await;
        let key = house.key(&workspace, KeyKind::Publishable, &["crm.example.com"]).await;
        assert!(holder(&house.deps, &key, Some("https://crm.example.com/")).await.is_ok());
        assert!(matches!(holder(&house.deps, &key, Some("https://evil.example/")).await, Err(KeyError::DomainNotAllowed)));
        api_key::revoke_by_hint(&house.deps, &key[..9]).await.unwrap();
        assert!(matches!(holder(&house.deps, &key, Some("https://crm.example.com/")).await, Err(KeyError::Unknown)));
    }

    async fn a_viewer_makes_no_keys(store: Store) {
        use domain::{role::Role, workspace::Membership};
        use usecases::api_key::{CreateKeyError, NewKey, create};
        let (house, workspace, _) = at_the_crm(store).await;
        let eve = house.person("Eve").await;
        let membership = Membership { user: eve.user.id, workspace: workspace.id, role: Role::Viewer, created_at: eve.user.created_at };
        let transaction = house.deps.store.begin().await.unwrap();
        store::membership::insert(&transaction, &membership).await.unwrap();
        transaction.commit().await.unwrap();
        let new = || NewKey { kind: KeyKind::Publishable, name: "Mine".into(), allowed_domains: Vec::new() };
        let as_eve = house.member(&eve, &workspace).await;
        assert!(matches!(create(&house.deps, &as_eve, new()).await, Err(CreateKeyError::NotAllowed)));
        let as_ada = house.member(&house.viewer_again().await, &workspace).await;
        assert!(create(&house.deps, &as_ada, new()).await.is_ok());
    }
}
