//! Going into a workspace. Somebody else's looks just like one that isn't there.

use crate::Deps;
use domain::{id::UserId, role::Role, slug::Slug, workspace::Workspace};
use store::StoreError;

/// A person inside a workspace, with what they are there.
#[derive(Debug, Clone)]
pub struct Member {
    pub user: UserId,
    pub workspace: Workspace,
    pub role: Role,
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("there is no such workspace, or you don't belong to it")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn open(deps: &Deps, user: UserId, slug: &str) -> Result<Member, OpenError> {
    let slug: Slug = slug.parse().map_err(|_| OpenError::NotFound)?;
    let workspace = store::workspace::find_by_slug(&deps.store, &slug).await?.ok_or(OpenError::NotFound)?;
    let membership = store::membership::find(&deps.store, workspace.id, user).await?.ok_or(OpenError::NotFound)?;
    Ok(Member { user, workspace, role: membership.role })
}

/// The workspaces of a person, by name.
pub async fn list_for(deps: &Deps, user: UserId) -> Result<Vec<(Workspace, Role)>, StoreError> {
    store::workspace::list_for_user(&deps.store, user).await
}

/// For the command line, whose operator may open any.
pub async fn find_by_slug(deps: &Deps, slug: &str) -> Result<Workspace, OpenError> {
    let slug: Slug = slug.parse().map_err(|_| OpenError::NotFound)?;
    store::workspace::find_by_slug(&deps.store, &slug).await?.ok_or(OpenError::NotFound)
}
