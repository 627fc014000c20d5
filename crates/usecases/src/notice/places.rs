//! In which of a person's workspaces something is told: in one, never in all.

use crate::Deps;
use domain::{
    id::{GrantId, UserId, WorkspaceId},
    oauth::{client::ClientId, grant::Grant},
    workspace::Workspace,
};
use store::StoreError;

pub(super) struct Places {
    /// The first is where the person comes in.
    workspaces: Vec<Workspace>,
    /// The person's live grants, oldest first.
    pub grants: Vec<Grant>,
}

impl Places {
    pub async fn of(deps: &Deps, user: UserId) -> Result<Self, StoreError> {
        let workspaces = store::workspace::list_for_user(&deps.store, user).await?;
        let grants = store::grant::list_live_of_user(&deps.store, user).await?;
        Ok(Self { workspaces: workspaces.into_iter().map(|(workspace, _)| workspace).collect(), grants })
    }

    /// Where the connection is now, if it is live; where it was else; and where the person comes in if they don't belong there
    /// any more.
    pub fn of_grant(&self, grant: GrantId, was: Option<WorkspaceId>) -> Option<WorkspaceId> {
        let live = self.grants.iter().find(|own| own.id == grant).map(|own| own.workspace);
        self.or_home(live.or(was))
    }

    /// Where the person connected this app last, or where they come in.
    pub fn of_client(&self, client: Option<&ClientId>) -> Option<WorkspaceId> {
        let own = self.grants.iter().rev().find(|grant| Some(&grant.client) == client);
        self.or_home(own.map(|grant| grant.workspace))
    }

    pub fn name(&self, id: WorkspaceId) -> Option<String> {
        self.workspaces.iter().find(|workspace| workspace.id == id).map(|workspace| workspace.name.clone())
    }

    fn or_home(&self, place: Option<WorkspaceId>) -> Option<WorkspaceId> {
        let is_own = |place: &WorkspaceId| self.workspaces.iter().any(|workspace| workspace.id == *place);
        place.filter(is_own).or_else(|| self.workspaces.first().map(|workspace| workspace.id))
    }
}
