//! Users, sessions, workspaces, memberships.

use crate::workshop::Workshop;
use domain::{id::SessionId, role::Role, session::Session};
use std::time::Duration;
use store::{
    Store, StoreError, membership, session,
    sign_in_attempt::{self, Guesser},
    user, workspace,
};
use testkit::on_both_databases;

on_both_databases! {
    async fn a_user_is_found_by_identifier_and_by_address(store: Store) {
        let workshop = Workshop::default();
        let ada = workshop.user("Ada Lovelace");
        let transaction = store.begin().await.unwrap();
        user::insert(&transaction, &ada, "$argon2id$ada").await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(user::find(&store, ada.id).await.unwrap(), Some(ada.clone()));
        let found = user::find_by_email(&store, &"ADA-Lovelace@example.com".parse().unwrap()).await.unwrap();
        assert_eq!(found, Some((ada.clone(), "$argon2id$ada".to_owned())));
        assert_eq!(user::find_by_email(&store, &"nobody@example.com".parse().unwrap()).await.unwrap(), None);
        assert_eq!(user::list(&store).await.unwrap(), [ada]);
    }

    async fn an_address_has_one_account(store: Store) {
        let workshop = Workshop::default();
        let transaction = store.begin().await.unwrap();
        user::insert(&transaction, &workshop.user("Ada"), "x").await.unwrap();
        let second = user::insert(&transaction, &workshop.user("Ada"), "x").await;
        assert!(matches!(second, Err(StoreError::Conflict)));
    }

    async fn an_account_is_disabled_once(store: Store) {
        let workshop = Workshop::default();
        let (ada, _) = workshop.owned_workspace(&store, "Engines").await;
        let transaction = store.begin().await.unwrap();
        assert!(user::disable(&transaction, ada.id, workshop.now()).await.unwrap());
        assert!(!user::disable(&transaction, ada.id, workshop.later(9)).await.unwrap());
        let found = user::find(&transaction, ada.id).await.unwrap().unwrap();
        assert_eq!(found.disabled_at, Some(workshop.now()));
    }

    async fn a_session_is_found_by_its_hash_until_it_is_deleted(store: Store) {
        let workshop = Workshop::default();
        let (ada, _) = workshop.owned_workspace(&store, "Engines").await;
        let secret = workshop.hash();
        let mut made = Session {
            id: SessionId::generate(workshop.now(), &workshop.entropy),
            user: ada.id,
            created_at: workshop.now(),
            expires_at: workshop.later(60),
        };
        let transaction = store.begin().await.unwrap();
        session::insert(&transaction, &made, &secret).await.unwrap();
        session::extend(&transaction, made.id, workshop.later(120)).await.unwrap();
        made.expires_at = workshop.later(120);
        transaction.commit().await.unwrap();
        assert_eq!(session::find_by_hash(&store, &secret).await.unwrap(), Some((made.clone(), ada.clone())));
        assert_eq!(session::find_by_hash(&store, &workshop.hash()).await.unwrap(), None);

        let transaction = store.begin().await.unwrap();
        assert_eq!(session::delete_expired(&transaction, workshop.later(119)).await.unwrap(), 0);
        assert_eq!(session::delete_expired(&transaction, workshop.later(120)).await.unwrap(), 1);
        session::insert(&transaction, &made, &secret).await.unwrap();
        session::delete_all_of(&transaction, ada.id).await.unwrap();
        assert_eq!(session::find_by_hash(&transaction, &secret).await.unwrap(), None);
        session::insert(&transaction, &made, &secret).await.unwrap();
        session::delete(&transaction, made.id).await.unwrap();
        assert_eq!(session::find_by_hash(&transaction, &secret).await.unwrap(), None);
    }

    async fn failures_are_counted_by_network_until_they_are_cleared(store: Store) {
        let workshop = Workshop::default();
        let email = "ada@example.com".parse().unwrap();
        let of = |network: Option<[u8; 4]>| Guesser { email: &email, network: network.map(Into::into) };
        let (here, elsewhere) = (of(Some([203, 0, 113, 0])), of(Some([198, 51, 100, 0])));
        let transaction = store.begin().await.unwrap();
        assert_eq!(sign_in_attempt::find(&transaction, here).await.unwrap(), None);
        for _ in 0..3 {
            workshop.clock.advance(Duration::from_secs(1));
            sign_in_attempt::record_failure(&transaction, here, workshop.now()).await.unwrap();
        }
        let attempts = sign_in_attempt::find(&transaction, here).await.unwrap().unwrap();
        assert_eq!((attempts.failures, attempts.last_at), (3, workshop.now()));
        for other in [elsewhere, of(None)] {
            assert_eq!(sign_in_attempt::find(&transaction, other).await.unwrap(), None);
            sign_in_attempt::record_failure(&transaction, other, workshop.now()).await.unwrap();
        }
        sign_in_attempt::clear(&transaction, here).await.unwrap();
        assert_eq!(sign_in_attempt::find(&transaction, here).await.unwrap(), None);
        assert!(sign_in_attempt::find(&transaction, elsewhere).await.unwrap().is_some());
    }

    async fn a_slug_is_taken_once(store: Store) {
        let workshop = Workshop::default();
        workshop.owned_workspace(&store, "Engines").await;
        let transaction = store.begin().await.unwrap();
        let second = workspace::insert(&transaction, &workshop.workspace("engines")).await;
        assert!(matches!(second, Err(StoreError::Conflict)));
    }

    async fn a_user_sees_their_workspaces_by_name(store: Store) {
        let workshop = Workshop::default();
        let (ada, engines) = workshop.owned_workspace(&store, "engines").await;
        let (_, strangers) = workshop.owned_workspace(&store, "Strangers").await;
        let (babbage, labs) = workshop.owned_workspace(&store, "Babbage Labs").await;
        let transaction = store.begin().await.unwrap();
        membership::insert(&transaction, &workshop.membership(&ada, &labs, Role::Viewer)).await.unwrap();
        let again = membership::insert(&transaction, &workshop.membership(&babbage, &strangers, Role::Admin)).await;
        again.unwrap();
        transaction.commit().await.unwrap();
        let listed = workspace::list_for_user(&store, ada.id).await.unwrap();
        assert_eq!(listed, [(labs.clone(), Role::Viewer), (engines.clone(), Role::Owner)]);
        assert_eq!(workspace::find_by_slug(&store, &engines.slug).await.unwrap(), Some(engines.clone()));
        assert_eq!(workspace::find(&store, engines.id).await.unwrap(), Some(engines));
        assert_eq!(membership::find(&store, strangers.id, ada.id).await.unwrap(), None);
        assert_eq!(membership::find(&store, labs.id, ada.id).await.unwrap().unwrap().role, Role::Viewer);
    }

    async fn nobody_is_a_member_twice(store: Store) {
        let workshop = Workshop::default();
        let (ada, engines) = workshop.owned_workspace(&store, "Engines").await;
        let transaction = store.begin().await.unwrap();
        let second = membership::insert(&transaction, &workshop.membership(&ada, &engines, Role::Viewer)).await;
        assert!(matches!(second, Err(StoreError::Conflict)));
    }

    async fn a_workspace_changes_to_a_plan_that_exists(store: Store) {
        let workshop = Workshop::default();
        let (_, engines) = workshop.owned_workspace(&store, "Engines").await;
        let transaction = store.begin().await.unwrap();
        assert!(workspace::set_plan(&transaction, engines.id, "team").await.unwrap());
        assert!(!workspace::set_plan(&transaction, workshop.workspace("None").id, "team").await.unwrap());
        transaction.commit().await.unwrap();
        assert_eq!(workspace::find(&store, engines.id).await.unwrap().unwrap().plan, "team");
        let transaction = store.begin().await.unwrap();
        assert!(matches!(
            workspace::set_plan(&transaction, engines.id, "gold").await,
            Err(StoreError::Database(_))
        ));
        let plans: Vec<_> = store::plan::list(&store).await.unwrap().into_iter().map(|plan| plan.name).collect();
        assert_eq!(plans, ["Free", "Team", "Scale"]);
        let free = store::plan::find(&store, "free").await.unwrap().unwrap();
        assert_eq!((free.limits.avatar_requests, free.limits.avatar_new_profiles), (1_000, 100));
    }
}
