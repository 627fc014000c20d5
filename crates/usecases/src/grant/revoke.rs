//! Ending a connection: the grant's row is what every request checks, so the next one is refused.

use crate::{
    Deps,
    audit::{self, Entry},
    workspace::Member,
};
use domain::{
    audit::{Action, Actor},
    id::GrantId,
    role::Permission,
};
use serde_json::json;
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum RevokeGrantError {
    /// Not there, another workspace's, or somebody else's: all the same.
    #[error("there is no such connection")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn revoke(deps: &Deps, member: &Member, id: GrantId) -> Result<(), RevokeGrantError> {
    let transaction = deps.store.begin().await?;
    let grant = store::grant::find(&transaction, id).await?.ok_or(RevokeGrantError::NotFound)?;
    let is_own = grant.subject.user() == Some(member.user);
    if grant.workspace != member.workspace.id || !(is_own || member.role.may(Permission::ManageApps)) {
        return Err(RevokeGrantError::NotFound);
    }
    if store::grant::revoke(&transaction, id, deps.now()).await? {
        let entry = Entry {
            workspace: Some(grant.workspace),
            actor: Actor::User(member.user),
            action: Action::GrantRevoked,
            target: grant.id.to_string(),
            detail: json!({ "client": grant.client }),
        };
        audit::record(deps, &transaction, entry).await?;
    }
    Ok(transaction.commit().await?)
}
