//! Attempts to connect, as people see them: their own, or everybody's for those who run the server.

use super::near;
use crate::{
    Deps,
    access::{operator::Operator, session::Viewer},
};
use domain::{
    clock::Timestamp,
    connection::{Attempt, ConnectionEvent, Line, Mismatch, State, attempts, lines},
    id::UserId,
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
const MOST_TROUBLES: usize = 3;

/// An attempt that was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// As the client claims it; none for an app that never said who it is, or is unknown here.
    pub client_name: Option<String>,
    /// Where the app stands with the operator now.
    pub client_standing: Option<Standing>,
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
        // The operator has let the app in meanwhile.
        State::Failed(Mismatch::BlockedClient | Mismatch::ApprovalNeeded)
            if attempt.client_standing == Some(Standing::Allowed) =>
        {
            false
        }
        State::Failed(_) => attempt.last_at >= since && !is_made_up_for(attempt),
        State::Connected | State::UnderWay => false,
    };
    Ok(own.iter().filter(is_trouble).take(MOST_TROUBLES).cloned().collect())
}

/// The latest attempts of everybody.
pub async fn list_all(deps: &Deps, operator: &Operator) -> Result<Vec<Sighting>, StoreError> {
    list_of_all(deps, operator, |_, _| true).await
}

/// The latest attempts of everybody that failed, or are under way.
pub async fn list_troubled(deps: &Deps, operator: &Operator) -> Result<Vec<Sighting>, StoreError> {
    list_of_all(deps, operator, |_, state| *state != State::Connected).await
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
    let now = deps.now();
    let attempts = attempts(events);
    let grants: Vec<_> = attempts.iter().filter_map(Attempt::grant).collect();
    let calls = store::grant::last_uses(&deps.store, &grants).await?;
    let with_state = attempts.into_iter().map(|attempt| {
        let called_at = attempt.grant().and_then(|grant| calls.get(&grant)).copied();
        (attempt.state(now, called_at), attempt)
    });
    let wanted = with_state.filter(|(state, attempt)| is_wanted(attempt, state)).take(MOST_SHOWN);
    let (mut clients, mut people) = (HashMap::new(), HashMap::new());
    let mut sightings = Vec::new();
    for (state, attempt) in wanted {
        let (client_name, client_standing) = client(deps, &mut clients, attempt.client()).await?.unzip();
        sightings.push(Sighting {
            client_name,
            client_standing,
            person: person(deps, &mut people, attempt.user()).await?,
            state,
            began_at: attempt.began_at(),
            last_at: attempt.last_at(),
            lines: lines(&attempt.events),
        });
    }
    Ok(sightings)
}

type Known<K, V> = HashMap<K, Option<V>>;

async fn client(
    deps: &Deps,
    known: &mut Known<ClientId, (String, Standing)>,
    id: Option<&ClientId>,
) -> Result<Option<(String, Standing)>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    if let Some(client) = known.get(id) {
        return Ok(client.clone());
    }
    let client = store::client::find(&deps.store, id).await?.map(|client| (client.name, client.standing));
    known.insert(id.clone(), client.clone());
    Ok(client)
}

async fn person(
    deps: &Deps,
    known: &mut Known<UserId, String>,
    id: Option<UserId>,
) -> Result<Option<String>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    if let Some(name) = known.get(&id) {
        return Ok(name.clone());
    }
    let name = store::user::find(&deps.store, id).await?.map(|user| user.name);
    known.insert(id, name.clone());
    Ok(name)
}
