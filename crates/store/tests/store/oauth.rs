//! Clients, authorization requests, grants, codes.

use crate::workshop::{Connected, Workshop};
use domain::{
    clock::Timestamp,
    id::GrantId,
    notice::NoticeId,
    oauth::{authorization_request::Stage, client::Registration},
};
use std::time::Duration;
use store::{
    Store, StoreError,
    authorization_code::{self, Consumed},
    authorization_request,
    client::{self, Unused},
    grant, notice,
};
use testkit::on_both_databases;

/// Before any grant of these tests.
const MADE_ONCE: Timestamp = Timestamp::from_millis(0);

on_both_databases! {
    async fn a_client_reads_back_as_it_was(store: Store) {
        let workshop = Workshop::default();
        let (secret, mut public) = (workshop.client("Claude"), workshop.client("Claude Code"));
        public.secret_hash = None;
        public.auth_method = domain::oauth::client::AuthMethod::None;
        let transaction = store.begin().await.unwrap();
        client::insert(&transaction, &secret).await.unwrap();
        client::insert(&transaction, &public).await.unwrap();
        assert_eq!(client::find(&transaction, &secret.id).await.unwrap(), Some(secret.clone()));
        assert_eq!(client::find(&transaction, &public.id).await.unwrap(), Some(public));
        assert!(matches!(client::insert(&transaction, &secret).await, Err(StoreError::Conflict)));
    }

    async fn a_request_reads_back_as_it_was_asked(store: Store) {
        let workshop = Workshop::default();
        let client = workshop.client("Claude");
        let mut request = workshop.request(&client);
        let (_, workspace) = workshop.owned_workspace(&store, "Engines").await;
        let transaction = store.begin().await.unwrap();
        client::insert(&transaction, &client).await.unwrap();
        authorization_request::insert(&transaction, &request).await.unwrap();
        assert_eq!(authorization_request::find(&transaction, request.id).await.unwrap(), Some(request.clone()));
        assert!(authorization_request::pick_workspace(&transaction, request.id, workspace.id).await.unwrap());
        request.picked_workspace = Some(workspace.id);
        assert!(authorization_request::decide(&transaction, request.id, workshop.now()).await.unwrap());
        request.stage = Stage::Decided { at: workshop.now() };
        assert_eq!(authorization_request::find(&transaction, request.id).await.unwrap(), Some(request.clone()));
        assert!(!authorization_request::pick_workspace(&transaction, request.id, workspace.id).await.unwrap());
        assert_eq!(authorization_request::delete_expired(&transaction, workshop.now()).await.unwrap(), 0);
        assert_eq!(authorization_request::delete_expired(&transaction, request.expires_at).await.unwrap(), 1);
    }

    async fn of_clients_that_nobody_authorized_the_last_seen_are_kept(store: Store) {
        let workshop = Workshop::default();
        let Connected { client: used, .. } = workshop.connected(&store).await;
        let transaction = store.begin().await.unwrap();
        let mut clients = Vec::new();
        for number in 0..5 {
            let mut one = workshop.client(&format!("App {number}"));
            one.created_at = workshop.later(number);
            // The first one came back.
            one.last_seen_at = (number == 0).then(|| workshop.later(60));
            if number == 1 {
                one.registration = Registration::PreRegistered;
            } else {
                one.registration = Registration::Dynamic;
            }
            client::insert(&transaction, &one).await.unwrap();
            clients.push(one);
        }
        let unused = |most_never_used| Unused {
            never_used: workshop.now(),
            no_longer_used: workshop.now(),
            most_never_used,
        };
        assert_eq!(client::delete_unused(&transaction, unused(4)).await.unwrap(), 0);
        assert_eq!(client::delete_unused(&transaction, unused(2)).await.unwrap(), 2);
        let mut kept: Vec<_> = client::list(&transaction).await.unwrap().into_iter().map(|one| one.name).collect();
        kept.sort();
        assert_eq!(kept, ["App 0", "App 1", "App 4", used.name.as_str()]);
    }

    async fn an_expired_request_is_not_decided(store: Store) {
        let workshop = Workshop::default();
        let client = workshop.client("Claude");
        let request = workshop.request(&client);
        let transaction = store.begin().await.unwrap();
        client::insert(&transaction, &client).await.unwrap();
        authorization_request::insert(&transaction, &request).await.unwrap();
        assert!(!authorization_request::decide(&transaction, request.id, request.expires_at).await.unwrap());
    }

    async fn of_fifty_answers_at_once_one_decides(store: Store) {
        let workshop = Workshop::default();
        let client = workshop.client("Claude");
        let request = workshop.request(&client);
        let transaction = store.begin().await.unwrap();
        client::insert(&transaction, &client).await.unwrap();
        authorization_request::insert(&transaction, &request).await.unwrap();
        transaction.commit().await.unwrap();
        let (id, now) = (request.id, workshop.now());
        let decided = at_once(&store, move |store: Store| async move {
            let transaction = store.begin().await.unwrap();
            let decided = authorization_request::decide(&transaction, id, now).await.unwrap();
            transaction.commit().await.unwrap();
            decided
        })
        .await;
        assert_eq!(decided.into_iter().filter(|decided| *decided).count(), 1);
    }

    async fn of_fifty_redemptions_at_once_one_finds_the_code_fresh(store: Store) {
        let workshop = Workshop::default();
        let Connected { grant, .. } = workshop.connected(&store).await;
        let (secret, code, now) = (workshop.hash(), workshop.code(&grant), workshop.now());
        let transaction = store.begin().await.unwrap();
        authorization_code::insert(&transaction, &secret, &code).await.unwrap();
        transaction.commit().await.unwrap();
        let consumed = at_once(&store, move |store: Store| async move {
            let transaction = store.begin().await.unwrap();
            let consumed = authorization_code::consume(&transaction, &secret, now).await.unwrap();
            transaction.commit().await.unwrap();
            consumed
        })
        .await;
        let fresh = consumed.iter().filter(|consumed| **consumed == Consumed::Fresh(code.clone())).count();
        let spent = consumed.iter().filter(|consumed| **consumed == Consumed::Spent(code.clone())).count();
        assert_eq!((fresh, spent), (1, 49));
    }

    async fn a_code_whose_redemption_was_rolled_back_is_still_fresh(store: Store) {
        let workshop = Workshop::default();
        let Connected { grant, .. } = workshop.connected(&store).await;
        let (secret, code) = (workshop.hash(), workshop.code(&grant));
        let transaction = store.begin().await.unwrap();
        authorization_code::insert(&transaction, &secret, &code).await.unwrap();
        transaction.commit().await.unwrap();
        for _ in 0..2 {
            let transaction = store.begin().await.unwrap();
            let consumed = authorization_code::consume(&transaction, &secret, workshop.now()).await.unwrap();
            assert_eq!(consumed, Consumed::Fresh(code.clone()));
        }
        let transaction = store.begin().await.unwrap();
        let unknown = authorization_code::consume(&transaction, &workshop.hash(), workshop.now()).await.unwrap();
        assert_eq!(unknown, Consumed::Unknown);
        assert_eq!(authorization_code::delete_expired(&transaction, code.expires_at).await.unwrap(), 0);
        assert_eq!(authorization_code::delete_expired(&transaction, workshop.later(61)).await.unwrap(), 1);
    }

    async fn a_workspace_lists_its_live_grants_newest_use_first(store: Store) {
        let workshop = Workshop::default();
        let Connected { user, workspace, client, grant: oldest } = workshop.connected(&store).await;
        workshop.clock.advance(Duration::from_secs(10));
        let (middle, newest) =
            (workshop.grant(&user, &client, &workspace), workshop.grant(&user, &client, &workspace));
        let transaction = store.begin().await.unwrap();
        grant::insert(&transaction, &middle).await.unwrap();
        grant::insert(&transaction, &newest).await.unwrap();
        grant::touch(&transaction, oldest.id, workshop.later(2)).await.unwrap();
        grant::touch(&transaction, newest.id, workshop.later(3)).await.unwrap();
        transaction.commit().await.unwrap();
        let listed = grant::list_for_workspace(&store, workspace.id, MADE_ONCE).await.unwrap();
        let ids: Vec<GrantId> = listed.iter().map(|(grant, ..)| grant.id).collect();
        assert_eq!(ids, [newest.id, oldest.id, middle.id]);
        assert_eq!((&listed[2].1, &listed[2].2), (&client, &user));
        assert_eq!(listed[2].0, middle);
        assert_eq!(grant::count_for_workspace(&store, workspace.id, MADE_ONCE).await.unwrap(), 3);

        let transaction = store.begin().await.unwrap();
        assert!(grant::revoke(&transaction, newest.id, workshop.now()).await.unwrap());
        assert!(!grant::revoke(&transaction, newest.id, workshop.later(5)).await.unwrap());
        transaction.commit().await.unwrap();
        assert_eq!(grant::find(&store, newest.id).await.unwrap().unwrap().revoked_at, Some(workshop.now()));
        assert_eq!(grant::list_for_workspace(&store, workspace.id, MADE_ONCE).await.unwrap().len(), 2);
        assert_eq!(grant::count_for_workspace(&store, workspace.id, MADE_ONCE).await.unwrap(), 2);
    }

    async fn a_grant_that_never_got_a_token_is_not_listed_once_its_code_is_over(store: Store) {
        let workshop = Workshop::default();
        let Connected { user, workspace, client, grant: connected } = workshop.connected(&store).await;
        let unfinished = workshop.grant(&user, &client, &workspace);
        let transaction = store.begin().await.unwrap();
        grant::insert(&transaction, &unfinished).await.unwrap();
        grant::mark_connected(&transaction, connected.id, workshop.later(1)).await.unwrap();
        transaction.commit().await.unwrap();
        for (made_since, expected) in [(workshop.now(), 2), (workshop.later(1), 1)] {
            let listed = grant::list_for_workspace(&store, workspace.id, made_since).await.unwrap();
            assert_eq!(listed.len(), expected);
            assert!(listed.iter().any(|(grant, ..)| grant.id == connected.id));
            assert_eq!(grant::count_for_workspace(&store, workspace.id, made_since).await.unwrap(), expected as u64);
        }
        let of_user = grant::list_live_of_user(&store, user.id).await.unwrap();
        assert_eq!(of_user.len(), 2);
    }

    async fn what_was_put_away_stays_so_for_its_person_until_it_is_forgotten(store: Store) {
        let workshop = Workshop::default();
        let (ada, eve) = (workshop.user("Ada Lovelace"), workshop.user("Eve"));
        let [read, again] = [1, 2].map(|number| NoticeId::of_failure(ada.id.0, &number.to_string()));
        let transaction = store.begin().await.unwrap();
        for user in [&ada, &eve] {
            store::user::insert(&transaction, user, "x").await.unwrap();
        }
        notice::put_away(&transaction, ada.id, &[read], workshop.now()).await.unwrap();
        notice::put_away(&transaction, ada.id, &[again, read], workshop.later(5)).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(notice::list_put_away(&store, ada.id).await.unwrap(), [read, again].into());
        assert!(notice::list_put_away(&store, eve.id).await.unwrap().is_empty());
        let transaction = store.begin().await.unwrap();
        assert_eq!(notice::delete_old(&transaction, workshop.later(5)).await.unwrap(), 1);
        assert_eq!(notice::list_put_away(&transaction, ada.id).await.unwrap(), [again].into());
    }
}

/// Runs fifty of one thing on tasks of their own.
pub async fn at_once<T, W>(store: &Store, work: impl Fn(Store) -> W) -> Vec<T>
where
    T: Send + 'static,
    W: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(work(store.clone()))).collect();
    let mut done = Vec::new();
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}
