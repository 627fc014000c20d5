//! The diary of connecting: merged, found again by what binds its events, bound to grants, swept out.

use crate::workshop::{Connected, Workshop};
use domain::{
    connection::{ConnectionEvent, Mismatch, Outcome, Source, Step},
    id::{AuthorizationRequestId, ConnectionEventId, UserId},
    oauth::client::ClientId,
};
use std::time::Duration;
use store::{
    Store,
    connection_event::{self, Old, Ties},
    grant,
};
use testkit::on_both_databases;

const DAY: u64 = 86_400;

fn event(workshop: &Workshop, step: Step) -> ConnectionEvent {
    let id = ConnectionEventId::generate(workshop.now(), &workshop.entropy);
    ConnectionEvent { source: Some(Source([7; 16])), ..ConnectionEvent::new(id, workshop.now(), step, Outcome::Passed) }
}

async fn record(store: &Store, events: &[ConnectionEvent]) {
    let transaction = store.begin().await.unwrap();
    connection_event::record(&transaction, events).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn recent(store: &Store, workshop: &Workshop) -> Vec<ConnectionEvent> {
    let since = workshop.now().minus(Duration::from_secs(365 * DAY));
    connection_event::list_recent(store, since, 1_000).await.unwrap()
}

async fn sweep(store: &Store, workshop: &Workshop, most_unfinished: u64) -> u64 {
    let ago = |days| workshop.now().minus(Duration::from_secs(days * DAY));
    let transaction = store.begin().await.unwrap();
    let old = Old { unfinished: ago(7), ended: ago(30), most_unfinished };
    let removed = connection_event::delete_old(&transaction, old).await.unwrap();
    transaction.commit().await.unwrap();
    removed
}

on_both_databases! {
    async fn an_event_reads_back_as_it_was(store: Store) {
        let workshop = Workshop::default();
        let whole = ConnectionEvent {
            outcome: Outcome::Failed(Mismatch::callback_url(Some("https://b.example/✓"), ["https://a.example"])),
            client: Some(ClientId("https://client.example/oauth.json".to_owned())),
            request: Some(AuthorizationRequestId::generate(workshop.now(), &workshop.entropy)),
            grant: Some(domain::id::GrantId::generate(workshop.now(), &workshop.entropy)),
            user: Some(UserId::generate(workshop.now(), &workshop.entropy)),
            ..event(&workshop, Step::Authorize)
        };
        let bare = ConnectionEvent { source: None, ..event(&workshop, Step::Challenge) };
        record(&store, &[whole.clone(), bare.clone()]).await;
        let mut listed = recent(&store, &workshop).await;
        listed.sort_by_key(|event| event.step);
        assert_eq!(listed, [bare, whole]);
    }

    async fn the_same_event_is_counted_and_not_stored_again(store: Store) {
        let workshop = Workshop::default();
        let first = event(&workshop, Step::Challenge);
        record(&store, &[first.clone(), event(&workshop, Step::Challenge)]).await;
        workshop.clock.advance(Duration::from_secs(5));
        record(&store, &[event(&workshop, Step::Challenge)]).await;
        let other = ConnectionEvent { source: Some(Source([8; 16])), ..event(&workshop, Step::Challenge) };
        record(&store, &[other]).await;
        let listed = recent(&store, &workshop).await;
        assert_eq!(listed.len(), 2);
        let counted = listed.iter().find(|event| event.id == first.id).unwrap();
        assert_eq!((counted.count, counted.at, counted.last_at), (3, first.at, workshop.now()));

        workshop.clock.advance(Duration::from_secs(600));
        record(&store, &[event(&workshop, Step::Challenge)]).await;
        assert_eq!(recent(&store, &workshop).await.len(), 3);
    }

    async fn what_is_bound_to_a_grant_is_found_with_it_and_repeated_anew(store: Store) {
        let workshop = Workshop::default();
        let Connected { grant, .. } = workshop.connected(&store).await;
        let discovery = event(&workshop, Step::Metadata);
        let token = ConnectionEvent { grant: Some(grant.id), ..event(&workshop, Step::Token) };
        record(&store, &[discovery.clone(), token]).await;
        let transaction = store.begin().await.unwrap();
        connection_event::bind(&transaction, &[discovery.id], grant.id).await.unwrap();
        transaction.commit().await.unwrap();
        let steps: Vec<Step> = connection_event::list_of_grant(&store, grant.id)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.step)
            .collect();
        assert!(steps.contains(&Step::Metadata) && steps.contains(&Step::Token), "{steps:?}");
        record(&store, &[event(&workshop, Step::Metadata)]).await;
        assert_eq!(connection_event::list_of_grant(&store, grant.id).await.unwrap().len(), 2);
        assert_eq!(recent(&store, &workshop).await.len(), 3);
    }

    async fn a_connection_was_used_when_it_was_touched_until_it_ends(store: Store) {
        let workshop = Workshop::default();
        let Connected { grant, .. } = workshop.connected(&store).await;
        let used = async || grant::last_uses(&store, &[grant.id]).await.unwrap().into_values().next();
        assert_eq!(used().await, None);
        let transaction = store.begin().await.unwrap();
        grant::touch(&transaction, grant.id, workshop.later(5)).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(used().await, Some(workshop.later(5)));
        let transaction = store.begin().await.unwrap();
        grant::revoke(&transaction, grant.id, workshop.later(6)).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(used().await, None);
    }

    async fn events_are_found_by_whatever_ties_them(store: Store) {
        let workshop = Workshop::default();
        let client = ClientId("client_1".to_owned());
        let user = UserId::generate(workshop.now(), &workshop.entropy);
        let request = AuthorizationRequestId::generate(workshop.now(), &workshop.entropy);
        let asked = ConnectionEvent {
            client: Some(client.clone()),
            request: Some(request),
            user: Some(user),
            source: Some(Source([1; 16])),
            ..event(&workshop, Step::Authorize)
        };
        let registered = ConnectionEvent { client: Some(client.clone()), ..event(&workshop, Step::Registration) };
        let looked = event(&workshop, Step::Challenge);
        let stranger = ConnectionEvent { source: Some(Source([9; 16])), ..event(&workshop, Step::Challenge) };
        record(&store, &[asked.clone(), registered, looked, stranger]).await;
        let found = async |ties: Ties| {
            let (from, to) = (workshop.now(), workshop.later(1));
            connection_event::list_tied(&store, &ties, from, to, 10).await.unwrap().len()
        };
        assert_eq!(found(Ties::default()).await, 0);
        assert_eq!(found(Ties { requests: vec![request], ..Ties::default() }).await, 1);
        assert_eq!(found(Ties { clients: vec![client], ..Ties::default() }).await, 2);
        let sources = vec![Source([7; 16])];
        assert_eq!(found(Ties { requests: vec![request], sources, ..Ties::default() }).await, 3);
        let of_user = connection_event::list_of_user(&store, user, workshop.now(), 10).await.unwrap();
        assert_eq!(of_user, [asked]);
    }

    async fn attempts_that_came_to_nothing_are_kept_for_a_week(store: Store) {
        let workshop = Workshop::default();
        record(&store, &[event(&workshop, Step::Challenge)]).await;
        workshop.clock.advance(Duration::from_secs(7 * DAY));
        assert_eq!(sweep(&store, &workshop, 100).await, 0);
        workshop.clock.advance(Duration::from_secs(1));
        assert_eq!(sweep(&store, &workshop, 100).await, 1);
    }

    async fn of_too_many_attempts_the_latest_are_kept(store: Store) {
        let workshop = Workshop::default();
        for _ in 0..5 {
            record(&store, &[event(&workshop, Step::Challenge)]).await;
            workshop.clock.advance(Duration::from_secs(600));
        }
        let latest = recent(&store, &workshop).await[..3].to_vec();
        assert_eq!(sweep(&store, &workshop, 3).await, 2);
        assert_eq!(recent(&store, &workshop).await, latest);
    }

    async fn what_belongs_to_a_grant_lives_as_long_as_it(store: Store) {
        let workshop = Workshop::default();
        let Connected { grant, .. } = workshop.connected(&store).await;
        let of_grant = |outcome| ConnectionEvent {
            grant: Some(grant.id),
            outcome,
            ..event(&workshop, Step::Token)
        };
        let gone = ConnectionEvent {
            grant: Some(domain::id::GrantId::generate(workshop.now(), &workshop.entropy)),
            ..event(&workshop, Step::Token)
        };
        record(&store, &[of_grant(Outcome::Passed), of_grant(Outcome::Failed(Mismatch::Verifier)), gone]).await;
        assert_eq!(sweep(&store, &workshop, 0).await, 0);
        workshop.clock.advance(Duration::from_secs(31 * DAY));
        // The event of a grant that is not there, and a fault that is long past.
        assert_eq!(sweep(&store, &workshop, 0).await, 2);
        let transaction = store.begin().await.unwrap();
        grant::revoke(&transaction, grant.id, workshop.now()).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(sweep(&store, &workshop, 0).await, 0);
        workshop.clock.advance(Duration::from_secs(31 * DAY));
        assert_eq!(sweep(&store, &workshop, 0).await, 1);
    }
}
