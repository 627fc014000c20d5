//! In which of a person's workspaces something is told: in one, never in all. And what of theirs the news is about.

use crate::Deps;
use domain::{
    clock::Timestamp,
    id::{GrantId, UserId, WorkspaceId},
    oauth::{
        client::{Client, ClientId},
        grant::Grant,
        publisher::{self, Publisher},
    },
    workspace::Workspace,
};
use std::collections::{HashMap, HashSet};
use store::StoreError;

/// What news is about.
#[derive(Debug, Default)]
pub(super) struct About {
    pub grants: Vec<GrantId>,
    pub clients: Vec<ClientId>,
    pub workspaces: Vec<WorkspaceId>,
}

pub(super) struct Places {
    /// The first is where the person comes in.
    workspaces: Vec<Workspace>,
    /// The names of those that the person belongs to no more.
    left: HashMap<WorkspaceId, String>,
    /// Whatever the person let in of the apps that the news is about, oldest first, and when it first got a token.
    grants: Vec<(Grant, Option<Timestamp>)>,
    clients: HashMap<ClientId, Client>,
}

impl Places {
    pub async fn of(deps: &Deps, user: UserId, about: About) -> Result<Self, StoreError> {
        let rows = &deps.store;
        let workspaces: Vec<Workspace> =
            store::workspace::list_for_user(rows, user).await?.into_iter().map(|(workspace, _)| workspace).collect();
        let own: HashSet<WorkspaceId> = workspaces.iter().map(|workspace| workspace.id).collect();
        let left: HashSet<WorkspaceId> = about.workspaces.into_iter().filter(|id| !own.contains(id)).collect();
        let left = match left.is_empty() {
            true => HashMap::new(),
            false => store::workspace::names(rows, &Vec::from_iter(left)).await?,
        };
        let grants = store::grant::list_of_user_and_clients(rows, user, &about.grants, &about.clients).await?;
        let clients: HashSet<ClientId> = grants.iter().map(|(grant, _)| grant.client.clone()).collect();
        let clients = store::client::find_several(rows, &Vec::from_iter(clients)).await?;
        Ok(Self { workspaces, left, grants, clients })
    }

    pub fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.iter().map(|(grant, _)| grant).find(|grant| grant.id == id)
    }

    /// What the person let in of this app last, whatever became of it.
    pub fn last_of_client(&self, client: &ClientId) -> Option<&Grant> {
        self.grants.iter().rev().map(|(grant, _)| grant).find(|grant| grant.client == *client)
    }

    /// Live grants that came to a token, oldest first: an unfinished attempt is no connection.
    pub fn connections(&self) -> impl DoubleEndedIterator<Item = &Grant> {
        let acted = self.grants.iter().filter(|(_, connected_at)| connected_at.is_some());
        acted.map(|(grant, _)| grant).filter(|grant| grant.is_live())
    }

    pub fn publisher(&self, grant: &Grant) -> Option<Publisher> {
        self.clients.get(&grant.client).map(|client| publisher::identify_at(client, &grant.redirect_uri))
    }

    /// Where the connection is now, if it is live; where it was else; and where the person comes in if they don't belong there
    /// any more.
    pub fn of_grant(&self, grant: GrantId, was: Option<WorkspaceId>) -> Option<WorkspaceId> {
        let live = self.grant(grant).filter(|grant| grant.is_live()).map(|grant| grant.workspace);
        self.or_home(live.or(was))
    }

    /// Where the person connected this app last, or where they come in.
    pub fn of_client(&self, client: &ClientId) -> Option<WorkspaceId> {
        let own = self.connections().rev().find(|grant| grant.client == *client);
        self.or_home(own.map(|grant| grant.workspace))
    }

    pub fn name(&self, id: WorkspaceId) -> Option<String> {
        let own = self.workspaces.iter().find(|workspace| workspace.id == id).map(|workspace| &workspace.name);
        own.or_else(|| self.left.get(&id)).cloned()
    }

    fn or_home(&self, place: Option<WorkspaceId>) -> Option<WorkspaceId> {
        let is_own = |place: &WorkspaceId| self.workspaces.iter().any(|workspace| workspace.id == *place);
        place.filter(is_own).or_else(|| self.workspaces.first().map(|workspace| workspace.id))
    }
}
