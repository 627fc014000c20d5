//! The apps page: who holds access to a workspace, and since when they last used it.

use crate::{Deps, workspace::Member};
use domain::{
    oauth::{
        grant::Grant,
        publisher::{self, Publisher},
    },
    role::Permission,
    user::User,
};
use store::StoreError;

#[derive(Debug, Clone)]
pub struct AuthorizedApp {
    pub grant: Grant,
    pub client_name: String,
    pub publisher: Publisher,
    /// Who connected it.
    pub user: User,
    pub calls_30d: u64,
}

const DAYS: i64 = 30;

/// Live grants, latest use first: everybody's for those who manage apps, one's own for all others.
pub async fn list(deps: &Deps, member: &Member) -> Result<Vec<AuthorizedApp>, StoreError> {
    let workspace = member.workspace.id;
    let calls = store::usage::calls_of_grants(&deps.store, workspace, deps.now().day() - DAYS + 1).await?;
    let sees_all = member.role.may(Permission::ManageApps);
    let rows = store::grant::list_for_workspace(&deps.store, workspace).await?;
    let mine_or_all = rows.into_iter().filter(|(_, _, user)| sees_all || user.id == member.user);
    Ok(mine_or_all
        .map(|(grant, client, user)| AuthorizedApp {
            publisher: publisher::identify_at(&client, &grant.redirect_uri),
            calls_30d: calls.get(&grant.id).copied().unwrap_or(0),
            client_name: client.name,
            user,
            grant,
        })
        .collect())
}
