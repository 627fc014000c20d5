//! What somebody has connected of an app already: told before they connect it once more.

use crate::{Deps, access::session::Viewer};
use domain::{
    clock::Timestamp,
    id::WorkspaceId,
    oauth::publisher::{self, Publisher},
};
use store::StoreError;

/// Live connections of one app to one workspace, all of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Already {
    pub workspace: WorkspaceId,
    pub count: u64,
    /// When the newest was made.
    pub last_at: Timestamp,
}

/// By workspace. Registered anew or not: what has the same name and the same evidence is the same app to people.
pub(super) async fn already(
    deps: &Deps,
    viewer: &Viewer,
    publisher: &Publisher,
    name: &str,
) -> Result<Vec<Already>, StoreError> {
    let mut list: Vec<Already> = Vec::new();
    for (grant, client) in store::grant::list_connected_of_user(&deps.store, viewer.user.id).await? {
        if grant.client_name != name || publisher::identify_at(&client, &grant.redirect_uri) != *publisher {
            continue;
        }
        match list.iter_mut().find(|already| already.workspace == grant.workspace) {
            Some(already) => {
                already.count += 1;
                already.last_at = already.last_at.max(grant.created_at);
            }
            None => list.push(Already { workspace: grant.workspace, count: 1, last_at: grant.created_at }),
        }
    }
    Ok(list)
}
