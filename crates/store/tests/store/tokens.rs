//! Access and refresh tokens.

use crate::{
    oauth::at_once,
    workshop::{Connected, Workshop},
};
use domain::{oauth::token::Successors, role::Role};
use store::{Store, grant, token, user};
use testkit::on_both_databases;

on_both_databases! {
    async fn a_live_token_brings_everything_it_stands_for(store: Store) {
        let workshop = Workshop::default();
        let Connected { user, workspace, client, grant } = workshop.connected(&store).await;
        let refresh = workshop.refresh(&grant, workshop.family());
        let (access, secret) = (workshop.access(&refresh), workshop.hash());
        let transaction = store.begin().await.unwrap();
        token::insert_access(&transaction, &access, &secret, None).await.unwrap();
        transaction.commit().await.unwrap();
        let live = token::find_live(&store, &secret).await.unwrap().unwrap();
        assert_eq!((&live.token, &live.grant), (&access, &grant));
        assert_eq!((&live.client.id, &live.client.name, live.client.standing), (&client.id, &client.name, client.standing));
        assert_eq!((&live.user, &live.workspace, live.role), (&user, &workspace, Role::Owner));
        assert_eq!(token::find_live(&store, &workshop.hash()).await.unwrap(), None);
    }

    async fn what_was_revoked_or_disabled_shows_on_the_next_look(store: Store) {
        let workshop = Workshop::default();
        let Connected { user, grant, .. } = workshop.connected(&store).await;
        let refresh = workshop.refresh(&grant, workshop.family());
        let (access, secret) = (workshop.access(&refresh), workshop.hash());
        let now = workshop.now();
        let transaction = store.begin().await.unwrap();
        token::insert_access(&transaction, &access, &secret, None).await.unwrap();
        grant::revoke(&transaction, grant.id, now).await.unwrap();
        user::disable(&transaction, user.id, now).await.unwrap();
        token::revoke_access(&transaction, access.id, now).await.unwrap();
        transaction.commit().await.unwrap();
        let live = token::find_live(&store, &secret).await.unwrap().unwrap();
        assert_eq!((live.grant.revoked_at, live.user.disabled_at), (Some(now), Some(now)));
        assert_eq!(live.token.revoked_at, Some(now));
    }

    async fn a_token_of_somebody_who_is_no_member_any_more_is_not_live(store: Store) {
        let workshop = Workshop::default();
        let Connected { workspace, client, .. } = workshop.connected(&store).await;
        let (stranger, _) = workshop.owned_workspace(&store, "Strangers").await;
        let grant = workshop.grant(&stranger, &client, &workspace);
        let secret = workshop.hash();
        let access = workshop.access(&workshop.refresh(&grant, workshop.family()));
        let transaction = store.begin().await.unwrap();
        grant::insert(&transaction, &grant).await.unwrap();
        token::insert_access(&transaction, &access, &secret, None).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(token::find_live(&store, &secret).await.unwrap(), None);
        assert_eq!(token::find_access(&store, &secret).await.unwrap(), Some(access));
    }

    async fn of_fifty_refreshes_at_once_one_spends_the_token(store: Store) {
        let workshop = Workshop::default();
        let Connected { grant, .. } = workshop.connected(&store).await;
        let (refresh, secret, now) = (workshop.refresh(&grant, workshop.family()), workshop.hash(), workshop.now());
        let locked = grant.id;
        let transaction = store.begin().await.unwrap();
        token::insert_refresh(&transaction, &refresh, &secret, None).await.unwrap();
        transaction.commit().await.unwrap();
        let spent = at_once(&store, move |store: Store| async move {
            let transaction = store.begin().await.unwrap();
            grant::lock(&transaction, locked).await.unwrap();
            let found = token::find_refresh(&transaction, &secret).await.unwrap().unwrap();
            let did_spend = token::spend_refresh(&transaction, found.id, now).await.unwrap();
            transaction.commit().await.unwrap();
            // What was read under the lock foretells the write.
            assert_eq!(found.spent_at.is_none(), did_spend);
            did_spend
        })
        .await;
        assert_eq!(spent.into_iter().filter(|spent| *spent).count(), 1);
    }

    async fn a_successor_counts_as_used_once_it_is_shown_or_spent(store: Store) {
        let workshop = Workshop::default();
        let Connected { grant, .. } = workshop.connected(&store).await;
        let family = workshop.family();
        let parent = workshop.refresh(&grant, family);
        let child = workshop.refresh(&grant, family);
        let access = workshop.access(&child);
        let transaction = store.begin().await.unwrap();
        token::insert_refresh(&transaction, &parent, &workshop.hash(), None).await.unwrap();
        token::insert_refresh(&transaction, &child, &workshop.hash(), Some(parent.id)).await.unwrap();
        let secret = workshop.hash();
        token::insert_access(&transaction, &access, &secret, Some(parent.id)).await.unwrap();
        assert_eq!(token::successors(&transaction, parent.id).await.unwrap(), Successors::Unused);

        token::mark_used(&transaction, access.id, workshop.now()).await.unwrap();
        token::mark_used(&transaction, access.id, workshop.later(5)).await.unwrap();
        assert_eq!(token::successors(&transaction, parent.id).await.unwrap(), Successors::Shown);
        let found = token::find_access(&transaction, &secret).await.unwrap().unwrap();
        assert_eq!(found.first_used_at, Some(workshop.now()));

        token::spend_refresh(&transaction, child.id, workshop.now()).await.unwrap();
        assert_eq!(token::successors(&transaction, parent.id).await.unwrap(), Successors::Spent);
        assert_eq!(token::successors(&transaction, child.id).await.unwrap(), Successors::Unused);
    }

    async fn successors_and_families_end_together_and_others_stay(store: Store) {
        let workshop = Workshop::default();
        let Connected { grant, .. } = workshop.connected(&store).await;
        let (family, now) = (workshop.family(), workshop.now());
        let (parent, child) = (workshop.refresh(&grant, family), workshop.refresh(&grant, family));
        let stranger = workshop.refresh(&grant, workshop.family());
        let (of_parent, of_child, of_access, of_stranger) =
            (workshop.hash(), workshop.hash(), workshop.hash(), workshop.hash());
        let transaction = store.begin().await.unwrap();
        token::insert_refresh(&transaction, &parent, &of_parent, None).await.unwrap();
        token::insert_refresh(&transaction, &child, &of_child, Some(parent.id)).await.unwrap();
        token::insert_access(&transaction, &workshop.access(&child), &of_access, Some(parent.id)).await.unwrap();
        token::insert_refresh(&transaction, &stranger, &of_stranger, None).await.unwrap();

        token::revoke_successors(&transaction, parent.id, now).await.unwrap();
        let revoked = async |secret| token::find_refresh(&transaction, secret).await.unwrap().unwrap().revoked_at;
        assert_eq!((revoked(&of_parent).await, revoked(&of_child).await), (None, Some(now)));
        let access = token::find_access(&transaction, &of_access).await.unwrap().unwrap();
        assert_eq!(access.revoked_at, Some(now));
        assert!(token::family_is_live(&transaction, family).await.unwrap());

        token::revoke_family(&transaction, family, workshop.later(9)).await.unwrap();
        assert_eq!((revoked(&of_parent).await, revoked(&of_child).await), (Some(workshop.later(9)), Some(now)));
        assert_eq!(revoked(&of_stranger).await, None);
        assert!(!token::family_is_live(&transaction, family).await.unwrap());
        assert_eq!(token::delete_expired(&transaction, parent.expires_at).await.unwrap(), 1);
        assert_eq!(token::delete_expired(&transaction, workshop.later(91 * 86_400)).await.unwrap(), 3);
    }
}
