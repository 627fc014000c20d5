//! What a person is told on their pages until they put it away: a copied token, a connection that somebody else ended, an app
//! that did not get through. What happened stands in the audit log and in the diary; here is who is told of it, and where.

mod list;
mod places;

pub use list::{list, list_urgent};

use crate::{
    Deps,
    access::session::Viewer,
    audit::{self, Entry},
    workspace::Member,
};
use domain::{
    audit::{Action, Actor},
    clock::Timestamp,
    connection::Mismatch,
    id::GrantId,
    notice::NoticeId,
    oauth::{client::ClientId, publisher::Publisher},
};
use serde_json::json;
use std::{collections::HashSet, time::Duration};
use store::StoreError;

/// For so long it is told, unless the person puts it away. What they put away is remembered longer.
const TOLD_FOR: Duration = Duration::from_secs(30 * 86_400);
pub(crate) const REMEMBERED_FOR: Duration = Duration::from_secs(31 * 86_400);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Several where the same happened more than once. They are put away together.
    pub ids: Vec<NoticeId>,
    /// When it happened last.
    pub at: Timestamp,
    pub news: News,
    /// Who the app is known to be, while it is on file.
    pub publisher: Option<Publisher>,
    /// As the person consented to it.
    pub client_name: String,
    pub client: Option<ClientId>,
    /// The connection that it is about, where it is listed in this workspace.
    pub grant: Option<GrantId>,
    /// The workspace that it happened in, by name.
    pub workspace: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    Copied(Copied),
    /// Somebody else ended the connection.
    Ended(EndedBy),
    /// The app did not get through.
    Failed(Mismatch),
}

/// What was used a second time, by somebody who should not have had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    Code,
    RefreshToken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// An admin of the workspace.
    Admin,
    /// It went with the person's membership.
    Membership,
    /// It went with the person's old password.
    Password,
}

/// Puts away what was shown of what is told in this workspace. Whatever came in since is told still.
pub async fn put_away(deps: &Deps, viewer: &Viewer, member: &Member, shown: &[NoticeId]) -> Result<(), StoreError> {
    let shown: HashSet<NoticeId> = shown.iter().copied().collect();
    let told = list(deps, viewer, member).await?;
    let ids: Vec<NoticeId> = told.into_iter().flat_map(|notice| notice.ids).filter(|id| shown.contains(id)).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let transaction = deps.store.begin().await?;
    store::notice::put_away(&transaction, viewer.user.id, &ids, deps.now()).await?;
    let entry = Entry {
        workspace: None,
        actor: Actor::User(viewer.user.id),
        action: Action::NoticesPutAway,
        target: viewer.user.id.to_string(),
        detail: json!({ "notices": ids.iter().map(ToString::to_string).collect::<Vec<_>>() }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await
}
