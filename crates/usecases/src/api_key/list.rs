//! The keys of a workspace.

use crate::{Deps, workspace::Member};
use domain::{api_key::ApiKey, role::Permission, workspace::Workspace};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum NotAllowed {
    #[error("your role in this workspace doesn't allow that: ask whoever runs this server for another role")]
    Role,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Live keys first, newest first.
pub async fn list(deps: &Deps, member: &Member) -> Result<Vec<ApiKey>, NotAllowed> {
    if !member.role.may(Permission::ViewKeys) {
        return Err(NotAllowed::Role);
    }
    Ok(sorted(deps, &member.workspace).await?)
}

/// For the command line, whose operator may see those of any workspace. In the same order.
pub async fn list_as_operator(deps: &Deps, workspace: &Workspace) -> Result<Vec<ApiKey>, StoreError> {
    sorted(deps, workspace).await
}

async fn sorted(deps: &Deps, workspace: &Workspace) -> Result<Vec<ApiKey>, StoreError> {
    let mut keys = store::api_key::list(&deps.store, workspace.id).await?;
    keys.sort_by_key(|key| (key.revoked_at.is_some(), std::cmp::Reverse(key.created_at)));
    Ok(keys)
}
