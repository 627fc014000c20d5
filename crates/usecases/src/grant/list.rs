//! The apps page: who holds access to a workspace, and since when they last used it.

use crate::{Deps, client::pictures, workspace::Member};
use domain::{
    avatar::PhotoId,
    clock::Timestamp,
    oauth::{
        client::Standing,
        grant::Grant,
        logo,
        publisher::{self, Publisher},
    },
    role::Permission,
    user::User,
};
use store::StoreError;

#[derive(Debug, Clone)]
pub struct AuthorizedApp {
    pub grant: Grant,
    /// As the app calls itself now. The grant has the name that its person consented to.
    pub client_name: String,
    pub publisher: Publisher,
    /// None: initials stand in.
    pub logo: Option<PhotoId>,
    /// Where the app stands with the operator.
    pub standing: Standing,
    /// Who connected it.
    pub user: User,
    pub calls_30d: u64,
}

const DAYS: i64 = 30;

/// Codes that were given out before are worth nothing any more: a grant that got no token by then never will.
pub(crate) fn codes_since(deps: &Deps) -> Timestamp {
    deps.now().minus(deps.settings.lifetimes.authorization_code)
}

/// What can act, latest use first: everybody's for those who manage apps, one's own for all others.
pub async fn list(deps: &Deps, member: &Member) -> Result<Vec<AuthorizedApp>, StoreError> {
    let workspace = member.workspace.id;
    let calls = store::usage::calls_of_grants(&deps.store, workspace, deps.now().day() - DAYS + 1).await?;
    let sees_all = member.role.may(Permission::ManageApps);
    let rows = store::grant::list_for_workspace(&deps.store, workspace, codes_since(deps)).await?;
    let mine_or_all = rows.into_iter().filter(|(_, _, user)| sees_all || user.id == member.user);
    let identified: Vec<_> = mine_or_all
        .map(|(grant, client, user)| (publisher::identify_at(&client, &grant.redirect_uri), grant, client, user))
        .collect();
    let pictures = pictures(deps, identified.iter().map(|(publisher, _, client, _)| (client, publisher))).await?;
    Ok(identified
        .into_iter()
        .map(|(publisher, grant, client, user)| AuthorizedApp {
            logo: logo::vouched(&client, &publisher).and_then(|uri| pictures.get(uri).cloned()),
            publisher,
            calls_30d: calls.get(&grant.id).copied().unwrap_or(0),
            client_name: client.name,
            standing: client.standing,
            user,
            grant,
        })
        .collect())
}
