//! The words that stories of attempts are told in.

mod sorting;
mod standing;

use super::*;
use crate::{
    connection::{Mismatch, Outcome, Source, Step},
    id::{AuthorizationRequestId, ConnectionEventId},
    oauth::client::Standing,
};
use std::time::Duration;
use uuid::Uuid;

/// Seconds after noon.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_262_400_000 + seconds * 1000)
}

fn known(now: Timestamp) -> Known {
    Known { now, called_at: None, standing: None, to_answer: Duration::from_secs(600) }
}

fn seen(seconds: i64, step: Step, change: impl FnOnce(&mut ConnectionEvent)) -> ConnectionEvent {
    let id = ConnectionEventId(Uuid::from_u128(seconds.unsigned_abs().into()));
    let mut event = ConnectionEvent::new(id, at(seconds), step, Outcome::Passed);
    change(&mut event);
    event
}

fn client(name: &str) -> Option<ClientId> {
    Some(ClientId(name.to_owned()))
}

fn source(number: u8) -> Option<Source> {
    Some(Source([number; 16]))
}

fn request(number: u128) -> Option<AuthorizationRequestId> {
    Some(AuthorizationRequestId(Uuid::from_u128(number)))
}

fn grant(number: u128) -> Option<GrantId> {
    Some(GrantId(Uuid::from_u128(number)))
}

/// An app of the web: its servers discover and exchange, the person's browser authorizes.
fn whole_road(start: i64, number: u128, servers: u8) -> Vec<ConnectionEvent> {
    vec![
        seen(start, Step::Challenge, |event| event.source = source(servers)),
        seen(start + 1, Step::Metadata, |event| event.source = source(servers)),
        seen(start + 2, Step::Registration, |event| {
            event.client = client("claude");
            event.source = source(servers);
        }),
        seen(start + 4, Step::Authorize, |event| {
            event.client = client("claude");
            event.request = request(number);
            event.source = source(200);
        }),
        seen(start + 20, Step::Consent, |event| {
            event.client = client("claude");
            event.request = request(number);
            event.grant = grant(number);
            event.source = source(200);
        }),
        seen(start + 22, Step::Token, |event| {
            event.client = client("claude");
            event.grant = grant(number);
            event.source = source(servers);
        }),
        seen(start + 23, Step::FirstCall, |event| {
            event.client = client("claude");
            event.grant = grant(number);
        }),
    ]
}

fn steps(attempt: &Attempt) -> Vec<Step> {
    attempt.events.iter().map(|event| event.step).collect()
}

fn fault(seconds: i64, step: Step, mismatch: &Mismatch, change: impl FnOnce(&mut ConnectionEvent)) -> ConnectionEvent {
    seen(seconds, step, |event| {
        event.outcome = Outcome::Failed(mismatch.clone());
        change(event);
    })
}

/// What heads each attempt, the latest first.
fn states(events: Vec<ConnectionEvent>, now: i64) -> Vec<State> {
    attempts(events).iter().map(|attempt| attempt.state(&known(at(now)))).collect()
}
