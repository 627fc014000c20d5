//! How the demo's apps were connected, step by step, and how one did not get through.

use super::DemoError;
use crate::Deps;
use domain::{
    clock::Timestamp,
    connection::{ConnectionEvent, Mismatch, Outcome, Step},
    id::{AuthorizationRequestId, ConnectionEventId, GrantId, UserId},
    oauth::client::{Client, ClientId},
};
use std::time::Duration;
use store::Transaction;

/// A step, and how many seconds after the grant it happened: what led to it came before.
const ROAD: [(Step, i32); 7] = [
    (Step::Challenge, -14),
    (Step::Metadata, -13),
    (Step::Registration, -13),
    (Step::Authorize, -12),
    (Step::Consent, 0),
    (Step::Token, 1),
    (Step::FirstCall, 2),
];

/// The whole way to a connection that was made at `at`.
pub async fn arrived(
    deps: &Deps,
    transaction: &Transaction,
    (client, user, grant): (&Client, UserId, GrantId),
    at: Timestamp,
) -> Result<(), DemoError> {
    let request = AuthorizationRequestId::generate(at, &*deps.entropy);
    let steps = ROAD.map(|(step, seconds)| ConnectionEvent {
        request: Some(request),
        grant: Some(grant),
        user: (step >= Step::Authorize).then_some(user),
        ..event(deps, &client.id, step, Outcome::Passed, shifted(at, seconds))
    });
    Ok(store::connection_event::record(transaction, &steps).await?)
}

/// An app that asks for an answer where it never said that it lives.
pub async fn stranded(deps: &Deps, transaction: &Transaction, client: &Client, at: Timestamp) -> Result<(), DemoError> {
    let asked = "https://badges.example/callback";
    let registered = client.redirect_uris.iter().map(|uri| uri.as_str());
    let fault = Outcome::Failed(Mismatch::callback_url(Some(asked), registered));
    let steps = [
        event(deps, &client.id, Step::Registration, Outcome::Passed, shifted(at, -1)),
        event(deps, &client.id, Step::Authorize, fault, at),
    ];
    Ok(store::connection_event::record(transaction, &steps).await?)
}

fn shifted(at: Timestamp, seconds: i32) -> Timestamp {
    let by = Duration::from_secs(seconds.unsigned_abs().into());
    if seconds < 0 { at.minus(by) } else { at.plus(by) }
}

fn event(deps: &Deps, client: &ClientId, step: Step, outcome: Outcome, at: Timestamp) -> ConnectionEvent {
    let id = ConnectionEventId::generate(at, &*deps.entropy);
    ConnectionEvent { client: Some(client.clone()), ..ConnectionEvent::new(id, at, step, outcome) }
}
