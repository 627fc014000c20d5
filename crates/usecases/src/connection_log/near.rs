//! The events that may belong to the same attempts as others: by request, grant and app first, by source after that.

use domain::{
    connection::{Attempt, ConnectionEvent, Outcome, Step, WINDOW},
    id::GrantId,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::Hash,
};
use store::{Rows, StoreError, connection_event::Ties};

/// The most that is looked at around one attempt.
const MOST: u64 = 500;

/// `seed`, whole.
pub(super) async fn whole(rows: &impl Rows, seed: &Attempt) -> Result<Vec<ConnectionEvent>, StoreError> {
    match seed.grant() {
        Some(grant) => of_grant(rows, grant).await,
        None => around(rows, &seed.events).await,
    }
}

/// The road to a grant. Once it has its token, all that led there is bound to it: what came near it later is other people's.
pub(super) async fn of_grant(rows: &impl Rows, grant: GrantId) -> Result<Vec<ConnectionEvent>, StoreError> {
    let bound = store::connection_event::list_of_grant(rows, grant).await?;
    let has_its_token = bound.iter().any(|event| event.step == Step::Token && event.outcome == Outcome::Passed);
    if has_its_token { Ok(bound) } else { around(rows, &bound).await }
}

/// `seeds`, events of one attempt, and whatever was near them in time and has a tie with them. Whoever uses the same app or its
/// servers may be somebody else, so what failed counts only where it names the same request, grant or person: its words hold
/// what was sent.
pub(super) async fn around(rows: &impl Rows, seeds: &[ConnectionEvent]) -> Result<Vec<ConnectionEvent>, StoreError> {
    let first = seeds.iter().map(|event| event.at).min();
    let last = seeds.iter().map(|event| event.last_at).max();
    let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
    let (from, to) = (first.minus(WINDOW), last.plus(WINDOW));
    let named = Ties { sources: Vec::new(), ..ties(seeds) };
    let named = store::connection_event::list_tied(rows, &named, from, to, MOST).await?;
    let sources = Ties { sources: ties(seeds.iter().chain(&named)).sources, ..Ties::default() };
    let near = store::connection_event::list_tied(rows, &sources, from, to, MOST).await?;
    let own = ties(seeds);
    let is_theirs = |event: &ConnectionEvent| {
        event.request.is_some_and(|request| own.requests.contains(&request))
            || event.grant.is_some_and(|grant| own.grants.contains(&grant))
            || event.user.is_some_and(|user| seeds.iter().any(|seed| seed.user == Some(user)))
    };
    let tied = named.into_iter().chain(near).filter(|event| event.outcome == Outcome::Passed || is_theirs(event));
    let all: BTreeMap<_, _> = seeds.iter().cloned().chain(tied).map(|event| (event.id, event)).collect();
    Ok(all.into_values().collect())
}

fn ties<'a>(events: impl IntoIterator<Item = &'a ConnectionEvent> + Clone) -> Ties {
    Ties {
        requests: distinct(events.clone(), |event| event.request),
        grants: distinct(events.clone(), |event| event.grant),
        clients: distinct(events.clone(), |event| event.client.clone()),
        sources: distinct(events, |event| event.source),
    }
}

fn distinct<'a, T: Ord + Hash>(
    events: impl IntoIterator<Item = &'a ConnectionEvent>,
    tie: impl Fn(&ConnectionEvent) -> Option<T>,
) -> Vec<T> {
    events.into_iter().filter_map(tie).collect::<BTreeSet<_>>().into_iter().collect()
}
