//! Which events belong together: one app's way to one connection. What names the same request or grant is certain; what names
//! the same app, or came from the same source shortly before, is taken for it.

use super::Attempt;
use crate::{
    clock::Timestamp,
    connection::{ConnectionEvent, Mismatch, Outcome, Source, Step},
};
use std::time::Duration;

/// How far apart steps of one attempt may lie where nothing but the app or its source binds them.
pub const WINDOW: Duration = Duration::from_secs(600);

/// Sorts events into attempts, the latest attempt first.
pub fn attempts(mut events: Vec<ConnectionEvent>) -> Vec<Attempt> {
    events.sort_by_key(|event| (event.at, event.step, event.id));
    let mut attempts = Vec::new();
    let (unproven, events): (Vec<_>, Vec<_>) = events.into_iter().partition(ConnectionEvent::is_unproven);
    let (certain, rest): (Vec<_>, Vec<_>) =
        events.into_iter().partition(|event| event.request.is_some() || event.grant.is_some());
    for event in certain {
        join(&mut attempts, event, Attempt::shares_a_request_or_grant);
    }
    let (anonymous, of_clients): (Vec<_>, Vec<_>) = rest.into_iter().partition(ConnectionEvent::is_anonymous);
    for event in of_clients {
        place_by_client(&mut attempts, event);
    }
    // The latest first: each discovery belongs to what came soonest after it.
    for event in anonymous.into_iter().rev() {
        place_by_source(&mut attempts, event);
    }
    // Last, so that nothing is taken for theirs.
    for event in unproven {
        join(&mut attempts, event, Attempt::makes_the_same_claim);
    }
    // Nobody looked in before it who did not go on in another way.
    attempts.retain(|attempt| !attempt.events.iter().all(ConnectionEvent::is_call_after_a_look_in));
    for attempt in &mut attempts {
        attempt.events.sort_by_key(|event| (event.at, event.step, event.id));
    }
    attempts.sort_by_key(|attempt| std::cmp::Reverse(attempt.last_at()));
    attempts
}

fn join(attempts: &mut Vec<Attempt>, event: ConnectionEvent, fits: impl Fn(&Attempt, &ConnectionEvent) -> bool) {
    match attempts.iter_mut().find(|attempt| fits(attempt, &event)) {
        Some(attempt) => attempt.events.push(event),
        None => attempts.push(Attempt { events: vec![event] }),
    }
}

/// Many people may share one registration, so it goes to the attempt that began soonest after it, and no attempt has two.
fn place_by_client(attempts: &mut Vec<Attempt>, event: ConnectionEvent) {
    let of_client = |attempt: &&mut Attempt| attempt.client() == event.client.as_ref();
    let place = match (event.step, &event.outcome) {
        (Step::Registration, Outcome::Passed) => attempts
            .iter_mut()
            .filter(of_client)
            .filter(|attempt| !attempt.has_passed(Step::Registration))
            .filter(|attempt| is_shortly_before(event.at, attempt.began_at()))
            .min_by_key(|attempt| attempt.began_at()),
        // A fault at the exchange that names no grant: told only where it can mean one attempt alone.
        (Step::Token, _) => {
            let mut waiting: Vec<&mut Attempt> = attempts
                .iter_mut()
                .filter(of_client)
                .filter(|attempt| attempt.has_passed(Step::Consent) && !attempt.has_passed(Step::Token))
                .filter(|attempt| is_shortly_before(attempt.began_at(), event.at))
                .collect();
            if waiting.len() == 1 { waiting.pop() } else { None }
        }
        _ => None,
    };
    let place = match place {
        Some(attempt) => Some(attempt),
        None => attempts
            .iter_mut()
            .filter(of_client)
            .filter(|attempt| !attempt.is_certain())
            .filter(|attempt| !attempt.is_of_another_person(&event) && attempt.has_no_other_fault(&event))
            .find(|attempt| attempt.began_at() <= event.at && event.at.since(attempt.last_at()) <= WINDOW),
    };
    match place {
        Some(attempt) => attempt.events.push(event),
        None => attempts.push(Attempt { events: vec![event] }),
    }
}

/// A look-in goes to whoever went on from its source. Where nobody did, a call with a good token from there within the window
/// makes it the silent check of an app that is connected: behind one address of an office that may be a colleague's call,
/// which hides look-ins alone, never a registration, a request or a fault.
fn place_by_source(attempts: &mut Vec<Attempt>, event: ConnectionEvent) {
    let place = event.source.and_then(|source| {
        attempts
            .iter_mut()
            .filter(|attempt| match attempt.is_of_a_connected_app() {
                true => event.is_look_in() || event.is_call_after_a_look_in(),
                false => is_on_the_way(&event) || attempt.has_just_this_fault(&event),
            })
            .filter_map(|attempt| {
                let later = attempt.soonest_of(source, event.at)?;
                Some(((attempt.is_of_a_connected_app(), later), attempt))
            })
            .min_by_key(|(rank, _)| *rank)
            .map(|(_, attempt)| attempt)
    });
    match place {
        Some(attempt) => attempt.events.push(event),
        None => attempts.push(Attempt { events: vec![event] }),
    }
}

/// Whether an app goes on by itself after it. Metadata is looked for in several places, and an old token is tried before a new
/// one is asked for; from everything else that fails the way on is another attempt.
fn is_on_the_way(event: &ConnectionEvent) -> bool {
    matches!(event.outcome, Outcome::Passed | Outcome::Failed(Mismatch::TokenUnknown)) || event.step == Step::Metadata
}

fn is_shortly_before(earlier: Timestamp, later: Timestamp) -> bool {
    earlier <= later && later.since(earlier) <= WINDOW
}

impl Attempt {
    fn has_passed(&self, step: Step) -> bool {
        self.events.iter().any(|event| event.step == step && event.outcome == Outcome::Passed)
    }

    /// Whether a request or grant binds it, and not only what was near.
    fn is_certain(&self) -> bool {
        self.events.iter().any(|event| event.request.is_some() || event.grant.is_some())
    }

    fn is_of_a_connected_app(&self) -> bool {
        self.events.iter().any(ConnectionEvent::is_call_after_a_look_in)
    }

    fn is_of_another_person(&self, event: &ConnectionEvent) -> bool {
        event.user.is_some_and(|person| self.user().is_some_and(|own| own != person))
    }

    /// Whether it is made of nothing but such faults as this one.
    fn has_just_this_fault(&self, event: &ConnectionEvent) -> bool {
        !self.is_certain() && self.faults().next().is_some() && self.has_no_other_fault(event)
    }

    /// Whoever fails in another way, or goes on after a fault, has begun anew: each fault heads an attempt of its own.
    fn has_no_other_fault(&self, event: &ConnectionEvent) -> bool {
        self.faults().all(|(_, own)| event.outcome.mismatch().is_some_and(|mismatch| mismatch.is_of_one_kind_with(own)))
    }

    fn makes_the_same_claim(&self, event: &ConnectionEvent) -> bool {
        self.is_unproven()
            && self.events.iter().all(|own| own.client == event.client && own.source == event.source)
            && event.at.since(self.last_at()) <= WINDOW
    }

    fn shares_a_request_or_grant(&self, event: &ConnectionEvent) -> bool {
        self.events.iter().any(|own| {
            (own.request.is_some() && own.request == event.request) || (own.grant.is_some() && own.grant == event.grant)
        })
    }

    /// When the app's own machine, if `source` is it, was next seen at or after `at`, within the window. The browser that
    /// authorizes is another machine for hosted apps, and may be the same for local ones.
    fn soonest_of(&self, source: Source, at: Timestamp) -> Option<Timestamp> {
        self.events
            .iter()
            .filter(|event| event.source == Some(source) && is_shortly_before(at, event.at))
            .map(|event| event.at)
            .min()
    }
}
