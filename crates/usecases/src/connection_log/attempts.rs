//! Attempts to connect, as people see them: their own, or everybody's for those who run the server.

use super::near;
use crate::{
    Deps,
    access::{operator::Operator, session::Viewer},
};
use domain::{
    clock::Timestamp,
    connection::{Attempt, ConnectionEvent, Known, Line, Mismatch, State, attempts, lines},
    id::{GrantId, UserId},
    notice::NoticeId,
    oauth::client::{ClientId, Standing},
};
use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};
use store::StoreError;

/// For how long attempts are kept that came to nothing.
pub(crate) const KEPT: Duration = Duration::from_secs(7 * 86_400);

/// One person's events that are looked at.
const MOST_OF_ONE: u64 = 200;
/// One person's attempts: around each is looked by itself.
const MOST_OWN: usize = 30;
/// Everybody's.
const MOST_OF_ALL: u64 = 2_000;
const MOST_SHOWN: usize = 100;
/// For how long people are told that an app of theirs did not get through.
const FRESH: Duration = Duration::from_secs(86_400);

/// An attempt that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What names its failure, for whoever was told of it.
    pub notice: NoticeId,
    pub client: Option<ClientId>,
    /// What it came to.
    pub grant: Option<GrantId>,
    /// As the client claims it; none for an app that never said who it is, or is unknown here.
    pub client_name: Option<String>,
    /// What an app called itself whose registration was refused.
    pub claimed_name: Option<String>,
    /// Where the app stands with the operator now.
    pub client_standing: Option<Standing>,
    /// Whether somebody only named the app, without any proof.
    pub is_unproven: bool,
    /// The name of the person who was signed in.
    pub person: Option<String>,
    pub state: State,
    pub began_at: Timestamp,
    pub last_at: Timestamp,
    pub lines: Vec<Line>,
}

/// The latest attempts at which this person was signed in.
pub async fn list_own(deps: &Deps, viewer: &Viewer) -> Result<Vec<Sighting>, StoreError> {
    deps.connections.settle().await;
    let since = deps.now().minus(KEPT);
    let own = store::connection_event::list_of_user(&deps.store, viewer.user.id, since, MOST_OF_ONE).await?;
    let mut around = BTreeMap::new();
    for seed in attempts(own).iter().take(MOST_OWN) {
        around.extend(near::whole(&deps.store, seed).await?.into_iter().map(|event| (event.id, event)));
    }
    shown(deps, around.into_values().collect(), |attempt, _| attempt.user() == Some(viewer.user.id)).await
}

/// Those of the last day that failed, that the person did not end themselves, and that were not made up for since.
pub async fn own_troubles(deps: &Deps, viewer: &Viewer) -> Result<Vec<Sighting>, StoreError> {
    let own = list_own(deps, viewer).await?;
    let since = deps.now().minus(FRESH);
    let is_made_up_for = |trouble: &Sighting| {
        let later = own.iter().take_while(|other| other.last_at > trouble.last_at);
        later.filter(|other| other.state == State::Connected).any(|other| other.client_name == trouble.client_name)
    };
    let is_trouble = |attempt: &&Sighting| match &attempt.state {
        State::Failed(Mismatch::Denied | Mismatch::Revoked | Mismatch::NeverAnswered) => false,
        State::Failed(_) => attempt.last_at >= since && !is_made_up_for(attempt),
        State::Connected | State::UnderWay | State::LetIn | State::SilentCheck => false,
    };
    Ok(own.iter().filter(is_trouble).cloned().collect())
}

/// The latest attempts of everybody.
pub async fn list_all(deps: &Deps, operator: &Operator) -> Result<Vec<Sighting>, StoreError> {
    list_of_all(deps, operator, |_, _| true).await
}

/// The latest attempts of everybody that failed, or are under way. That an app calls once more after somebody revoked it is how
/// every revocation ends.
pub async fn list_troubled(deps: &Deps, operator: &Operator) -> Result<Vec<Sighting>, StoreError> {
    list_of_all(deps, operator, |_, state| {
        !matches!(state, State::Connected | State::SilentCheck | State::Failed(Mismatch::Revoked))
    })
    .await
}

async fn list_of_all(
    deps: &Deps,
    _operator: &Operator,
    is_wanted: impl Fn(&Attempt, &State) -> bool,
) -> Result<Vec<Sighting>, StoreError> {
    deps.connections.settle().await;
    let since = deps.now().minus(KEPT);
    let events = store::connection_event::list_recent(&deps.store, since, MOST_OF_ALL).await?;
    shown(deps, events, is_wanted).await
}

async fn shown(
    deps: &Deps,
    events: Vec<ConnectionEvent>,
    is_wanted: impl Fn(&Attempt, &State) -> bool,
) -> Result<Vec<Sighting>, StoreError> {
    let attempts = attempts(events);
    let grants: Vec<_> = attempts.iter().filter_map(Attempt::grant).collect();
    let calls = store::grant::last_uses(&deps.store, &grants).await?;
    let (mut clients, mut people) = (HashMap::new(), HashMap::new());
    let mut sightings = Vec::new();
    for attempt in attempts {
        if sightings.len() == MOST_SHOWN {
            break;
        }
        let standing = match attempt.was_refused() {
            true => client(deps, &mut clients, attempt.client()).await?.map(|(_, standing)| standing),
            false => None,
        };
        let called_at = attempt.grant().and_then(|grant| calls.get(&grant)).copied();
        let state = attempt.state(&known(deps, called_at, standing));
        if !is_wanted(&attempt, &state) {
            continue;
        }
        let (client_name, client_standing) = client(deps, &mut clients, attempt.client()).await?.unzip();
        sightings.push(Sighting {
            notice: notice(&attempt, &state),
            client: attempt.client().cloned(),
            grant: attempt.grant(),
            client_name,
            claimed_name: attempt.claimed_name().map(str::to_owned),
            client_standing,
            is_unproven: attempt.is_unproven(),
            person: person(deps, &mut people, attempt.user()).await?,
            state,
            began_at: attempt.began_at(),
            last_at: attempt.last_at(),
            lines: lines(&attempt.events),
        });
    }
    Ok(sightings)
}

/// By what binds the attempt for certain, where something does, and else by its first event.
fn notice(attempt: &Attempt, state: &State) -> NoticeId {
    let request = || attempt.events.iter().find_map(|event| event.request).map(|request| request.0);
    let first = || attempt.events.first().map(|event| event.id.0);
    let id = attempt.grant().map(|grant| grant.0).or_else(request).or_else(first).unwrap_or_default();
    let kind = if let State::Failed(mismatch) = state { mismatch.kind() } else { String::new() };
    NoticeId::of_failure(id, &kind)
}

/// What is known now, besides an attempt's steps.
pub(super) fn known(deps: &Deps, called_at: Option<Timestamp>, standing: Option<Standing>) -> Known {
    let to_answer = deps.settings.lifetimes.authorization_request;
    Known { now: deps.now(), called_at, standing, to_answer }
}

type Found<K, V> = HashMap<K, Option<V>>;

async fn client(
    deps: &Deps,
    found: &mut Found<ClientId, (String, Standing)>,
    id: Option<&ClientId>,
) -> Result<Option<(String, Standing)>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    if let Some(client) = found.get(id) {
        return Ok(client.clone());
    }
    let client = store::client::find(&deps.store, id).await?.map(|client| (client.name, client.standing));
    found.insert(id.clone(), client.clone());
    Ok(client)
}

async fn person(
    deps: &Deps,
    found: &mut Found<UserId, String>,
    id: Option<UserId>,
) -> Result<Option<String>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    if let Some(name) = found.get(&id) {
        return Ok(name.clone());
    }
    let name = store::user::find(&deps.store, id).await?.map(|user| user.name);
    found.insert(id, name.clone());
    Ok(name)
}
