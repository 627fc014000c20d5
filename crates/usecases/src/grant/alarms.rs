//! What a person is told when somebody used a copy of what one of their apps holds: that connection was ended.

use crate::{
    Deps,
    access::session::Viewer,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor, AuditEvent},
    clock::Timestamp,
    id::GrantId,
    oauth::publisher::{self, Publisher},
};
use serde_json::json;
use std::time::Duration;
use store::StoreError;

/// What was used a second time, by somebody who should not have had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    Code,
    RefreshToken,
}

#[derive(Debug, Clone)]
pub struct Alarm {
    pub at: Timestamp,
    pub copied: Copied,
    /// Who the app is known to be, while its connection is on file.
    pub publisher: Option<Publisher>,
    /// As the app calls itself.
    pub client_name: String,
    /// The workspace that it was connected to, by name.
    pub workspace: Option<String>,
}

/// For so long it is told, unless the person puts it away.
const TOLD_FOR: Duration = Duration::from_secs(30 * 86_400);

/// Whoever makes more of them makes them on purpose.
const MOST_TOLD: u64 = 5;

/// Latest first.
pub async fn alarms(deps: &Deps, viewer: &Viewer) -> Result<Vec<Alarm>, StoreError> {
    let user = viewer.user.id;
    let seen_at = store::user::alarms_seen_at(&deps.store, user).await?;
    let since = deps.now().minus(TOLD_FOR);
    let mut alarms = Vec::new();
    for event in store::audit::list_concerning(&deps.store, user, since, MOST_TOLD).await? {
        let copied = match event.action {
            Action::CodeReplayed => Copied::Code,
            Action::RefreshReplayed => Copied::RefreshToken,
            _ => continue,
        };
        if seen_at.is_none_or(|seen| event.at > seen) {
            alarms.push(alarm(deps, copied, &event).await?);
        }
    }
    Ok(alarms)
}

/// The person has read them: none is shown again. What happens later is told anew.
pub async fn put_alarms_away(deps: &Deps, viewer: &Viewer) -> Result<(), StoreError> {
    let transaction = deps.store.begin().await?;
    let user = viewer.user.id;
    store::user::put_alarms_away(&transaction, user, deps.now()).await?;
    let entry = Entry {
        workspace: None,
        actor: Actor::User(user),
        action: Action::AlarmsPutAway,
        target: user.to_string(),
        detail: json!({}),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await
}

async fn alarm(deps: &Deps, copied: Copied, event: &AuditEvent) -> Result<Alarm, StoreError> {
    let workspace = match event.workspace {
        Some(id) => store::workspace::find(&deps.store, id).await?.map(|workspace| workspace.name),
        None => None,
    };
    let app = app(deps, &event.target).await?;
    let noted = event.detail["name"].as_str().unwrap_or_default();
    let (publisher, client_name) = app.map_or_else(|| (None, noted.to_owned()), |(who, name)| (Some(who), name));
    Ok(Alarm { at: event.at, copied, publisher, client_name, workspace })
}

/// The app behind a grant; none once it was swept out.
async fn app(deps: &Deps, grant: &str) -> Result<Option<(Publisher, String)>, StoreError> {
    let Ok(id) = grant.parse::<GrantId>() else { return Ok(None) };
    let Some(grant) = store::grant::find(&deps.store, id).await? else { return Ok(None) };
    let client = store::client::find(&deps.store, &grant.client).await?;
    Ok(client.map(|client| {
        let publisher = publisher::identify_at(&client, &grant.redirect_uri);
        (publisher, client.name)
    }))
}
