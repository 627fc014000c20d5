//! Moving a connection to another workspace of the person who made it. Its tokens stay as they are: the next call acts in
//! the new workspace, on its quota and its people.

use crate::{
    Deps,
    access::session::Viewer,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    id::{GrantId, WorkspaceId},
    oauth::{grant::Grant, resource::McpResource},
    role::Permission,
    workspace::Workspace,
};
use serde_json::json;
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum MoveGrantError {
    /// Not there, over, or somebody else's: all the same. Nobody moves what another person allowed.
    #[error("there is no such connection of yours")]
    NotFound,
    #[error(
        "this app was connected at an address that belongs to one workspace, so it can't be moved: connect it again"
    )]
    Locked,
    #[error("you can't connect apps to that workspace")]
    NotAllowed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether a connection is bound to its workspace by the address that it was made at.
pub fn is_locked(deps: &Deps, grant: &Grant) -> bool {
    grant.resource != McpResource::Server.uri(&deps.settings.public_url)
}

/// Where a person may move a connection to.
pub async fn destinations(deps: &Deps, viewer: &Viewer) -> Result<Vec<Workspace>, StoreError> {
    let workspaces = store::workspace::list_for_user(&deps.store, viewer.user.id).await?;
    let open = workspaces.into_iter().filter(|(_, role)| role.may(Permission::Connect));
    Ok(open.map(|(workspace, _)| workspace).collect())
}

/// Answers with the workspace that the connection is in now. To move it where it is changes nothing.
pub async fn move_workspace(
    deps: &Deps,
    viewer: &Viewer,
    id: GrantId,
    to: WorkspaceId,
) -> Result<Workspace, MoveGrantError> {
    let user = viewer.user.id;
    let transaction = deps.store.begin().await?;
    // Nobody is taken out of that workspace meanwhile: what they had connected there would be left behind.
    store::membership::hold(&transaction, to).await?;
    let grant = store::grant::lock(&transaction, id).await?;
    let is_own = |grant: &Grant| grant.is_live() && grant.subject.user() == Some(user);
    let grant = grant.filter(is_own).ok_or(MoveGrantError::NotFound)?;
    if is_locked(deps, &grant) {
        return Err(MoveGrantError::Locked);
    }
    let membership = store::membership::find(&transaction, to, user).await?;
    if !membership.is_some_and(|membership| membership.role.may(Permission::Connect)) {
        return Err(MoveGrantError::NotAllowed);
    }
    let workspace = store::workspace::find(&transaction, to).await?.ok_or(MoveGrantError::NotAllowed)?;
    if grant.workspace == to {
        return Ok(workspace);
    }
    store::grant::set_workspace(&transaction, id, to).await?;
    // Both workspaces hear of it: one has an app less, the other one more.
    for told in [grant.workspace, to] {
        let entry = Entry {
            workspace: Some(told),
            actor: Actor::User(user),
            action: Action::GrantMoved,
            target: id.to_string(),
            detail: json!({ "client": grant.client, "from": grant.workspace, "to": to }),
        };
        audit::record(deps, &transaction, entry).await?;
    }
    transaction.commit().await?;
    Ok(workspace)
}
