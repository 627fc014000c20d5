//! Ending connections: the grant's row is what every request checks, so the next one is refused.

use super::{AppConnections, grouped, list};
use crate::{
    Deps,
    audit::{self, Entry},
    workspace::Member,
};
use domain::{
    audit::{Action, Actor},
    id::GrantId,
    oauth::{
        grant::Grant,
        publisher::{self, Publisher},
    },
    role::Permission,
};
use serde_json::{Value, json};
use store::{StoreError, Transaction};

/// What the log says of a connection that ended with the membership of its person.
pub(crate) const LEFT: &str = "member_removed";

/// And of one that its person may not have made: somebody else may have had their password.
pub(crate) const NEW_PASSWORD: &str = "password_changed";

#[derive(Debug, thiserror::Error)]
pub enum RevokeGrantError {
    /// Not there, another workspace's, or somebody else's: all the same.
    #[error("there is no such connection")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which of an app's connections end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    All,
    /// Every person keeps the one that they made last.
    Older,
}

/// What became of connections of one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub publisher: Publisher,
    /// As their person consented to it.
    pub client_name: String,
    /// How many ended.
    pub count: usize,
}

/// None is counted for one that had ended before.
pub async fn revoke(deps: &Deps, member: &Member, id: GrantId) -> Result<Ended, RevokeGrantError> {
    let transaction = deps.store.begin().await?;
    let (grant, has_ended) = end_as(deps, &transaction, member, id).await?.ok_or(RevokeGrantError::NotFound)?;
    let client = store::client::find(&transaction, &grant.client).await?.ok_or(RevokeGrantError::NotFound)?;
    transaction.commit().await?;
    let publisher = publisher::identify_at(&client, &grant.redirect_uri);
    Ok(Ended { publisher, client_name: grant.client_name, count: usize::from(has_ended) })
}

/// Ends several connections of the app that this one belongs to, all at once. They are those that the
/// member sees when it happens: one that was made a moment ago is not spared.
pub async fn revoke_several(
    deps: &Deps,
    member: &Member,
    id: GrantId,
    which: Which,
) -> Result<Ended, RevokeGrantError> {
    let apps = grouped(list(deps, member).await?);
    let named = |app: &AppConnections| app.connections().find(|connection| connection.grant.id == id).cloned();
    let (app, named) = apps.iter().find_map(|app| Some((app, named(app)?))).ok_or(RevokeGrantError::NotFound)?;
    let mut ending: Vec<GrantId> = match which {
        Which::All => app.connections().map(|connection| connection.grant.id).collect(),
        Which::Older => app.older().map(|connection| connection.grant.id).collect(),
    };
    // In one order everywhere: two who do the same at once don't wait for each other in a circle.
    ending.sort_unstable();
    let transaction = deps.store.begin().await?;
    let mut count = 0;
    for id in ending {
        // One that was moved elsewhere meanwhile is not this workspace's any more.
        let ended = end_as(deps, &transaction, member, id).await?;
        count += usize::from(ended.is_some_and(|(_, has_ended)| has_ended));
    }
    transaction.commit().await?;
    Ok(Ended { publisher: named.publisher, client_name: named.grant.client_name, count })
}

/// The connection, and whether this call ended it; none where the member may not.
async fn end_as(
    deps: &Deps,
    transaction: &Transaction,
    member: &Member,
    id: GrantId,
) -> Result<Option<(Grant, bool)>, StoreError> {
    let Some(grant) = store::grant::lock(transaction, id).await? else { return Ok(None) };
    let is_own = grant.subject.user() == Some(member.user);
    if grant.workspace != member.workspace.id || !(is_own || member.role.may(Permission::ManageApps)) {
        return Ok(None);
    }
    let has_ended = end(deps, transaction, &grant, Actor::User(member.user), json!({})).await?;
    Ok(Some((grant, has_ended)))
}

/// Ends a connection, on record. Its person is told, unless they did it themselves or no app ever got a token for it: then
/// nothing was connected.
pub(crate) async fn end(
    deps: &Deps,
    transaction: &Transaction,
    grant: &Grant,
    actor: Actor,
    mut detail: Value,
) -> Result<bool, StoreError> {
    if !store::grant::revoke(transaction, grant.id, deps.now()).await? {
        return Ok(false);
    }
    detail["client"] = json!(grant.client);
    detail["name"] = json!(grant.client_name);
    let others = grant.subject.user().filter(|person| actor != Actor::User(*person));
    let told = if store::grant::was_connected(transaction, grant.id).await? { others } else { None };
    let entry = Entry {
        workspace: Some(grant.workspace),
        actor,
        action: Action::GrantRevoked,
        target: grant.id.to_string(),
        detail,
    };
    audit::record_and_tell(deps, transaction, entry, told).await?;
    Ok(true)
}
