//! How one connection came about, and whether it is well.

use super::{attempts::known, near};
use crate::{Deps, client, workspace::Member};
use domain::{
    avatar::PhotoId,
    clock::Timestamp,
    connection::{Attempt, Line, Mismatch, State, attempts, lines},
    id::GrantId,
    oauth::{
        grant::Grant,
        publisher::{self, Publisher},
    },
    role::Permission,
    user::User,
};
use store::StoreError;

const DAYS: i64 = 30;

#[derive(Debug, Clone)]
pub struct Timeline {
    pub grant: Grant,
    /// As the client claims it.
    pub client_name: String,
    pub publisher: Publisher,
    /// None: initials stand in.
    pub logo: Option<PhotoId>,
    /// Who connected it.
    pub user: User,
    pub lines: Vec<Line>,
    /// None where nothing is on record: the connection is older than the diary.
    pub state: Option<State>,
    pub calls_30d: u64,
    /// When a token was last given out for it.
    pub last_token_at: Option<Timestamp>,
}

#[derive(Debug, thiserror::Error)]
pub enum TimelineError {
    /// Not there, another workspace's, or somebody else's: all the same.
    #[error("there is no such connection")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// For whoever connected it, and for those who manage the workspace's apps.
pub async fn timeline(deps: &Deps, member: &Member, id: GrantId) -> Result<Timeline, TimelineError> {
    deps.connections.settle().await;
    let rows = &deps.store;
    let grant = store::grant::find(rows, id).await?.ok_or(TimelineError::NotFound)?;
    let is_own = grant.subject.user() == Some(member.user);
    if grant.workspace != member.workspace.id || !(is_own || member.role.may(Permission::ManageApps)) {
        return Err(TimelineError::NotFound);
    }
    let client = store::client::find(rows, &grant.client).await?.ok_or(TimelineError::NotFound)?;
    let user = grant.subject.user().ok_or(TimelineError::NotFound)?;
    let user = store::user::find(rows, user).await?.ok_or(TimelineError::NotFound)?;
    let attempt = attempt_of(deps, id).await?;
    let called_at = grant.last_used_at.filter(|_| grant.is_live());
    let calls = store::usage::calls_of_grants(rows, grant.workspace, deps.now().day() - DAYS + 1).await?;
    let publisher = publisher::identify_at(&client, &grant.redirect_uri);
    let known = known(deps, called_at, Some(client.standing));
    let state = match grant.is_live() && client.is_blocked() {
        // Whether it has called since or not: its next call is refused.
        true => Some(State::Failed(Mismatch::BlockedClient)),
        false => attempt.as_ref().map(|attempt| attempt.state(&known)),
    };
    Ok(Timeline {
        logo: client::picture(deps, &client, &publisher).await?,
        publisher,
        client_name: client.name,
        user,
        lines: attempt.as_ref().map(|attempt| lines(&attempt.events)).unwrap_or_default(),
        state,
        calls_30d: calls.get(&id).copied().unwrap_or(0),
        last_token_at: store::token::last_issued_at(rows, id).await?,
        grant,
    })
}

async fn attempt_of(deps: &Deps, grant: GrantId) -> Result<Option<Attempt>, StoreError> {
    let events = near::of_grant(&deps.store, grant).await?;
    Ok(attempts(events).into_iter().find(|attempt| attempt.grant() == Some(grant)))
}
