//! What there is to tell a person in one of their workspaces, latest first.

use super::{
    Copied, EndedBy, News, Notice, TOLD_FOR,
    places::{About, Places},
};
use crate::{
    Deps,
    access::session::Viewer,
    connection_log::{Sighting, own_troubles},
    grant::{LEFT, NEW_PASSWORD},
    workspace::Member,
};
use domain::{
    audit::{Action, AuditEvent},
    connection::State,
    id::{GrantId, UserId, WorkspaceId},
    notice::NoticeId,
    oauth::grant::Grant,
};
use std::cmp::Reverse;
use store::StoreError;

/// What a person is told at once. Whoever makes more of it makes it on purpose; what was put away takes no place in it.
const MOST_TOLD: u64 = 100;

/// Everything.
pub async fn list(deps: &Deps, viewer: &Viewer, member: &Member) -> Result<Vec<Notice>, StoreError> {
    let away = store::notice::list_put_away(&deps.store, viewer.user.id).await?;
    let mut troubles = own_troubles(deps, viewer).await?;
    troubles.retain(|trouble| !away.contains(&trouble.notice));
    told(deps, viewer.user.id, member.workspace.id, troubles).await
}

/// What somebody else did: told wherever the person is in the workspace.
pub async fn list_urgent(deps: &Deps, viewer: &Viewer, member: &Member) -> Result<Vec<Notice>, StoreError> {
    told(deps, viewer.user.id, member.workspace.id, Vec::new()).await
}

async fn told(
    deps: &Deps,
    user: UserId,
    here: WorkspaceId,
    troubles: Vec<Sighting>,
) -> Result<Vec<Notice>, StoreError> {
    let since = deps.now().minus(TOLD_FOR);
    let events = store::audit::list_concerning(&deps.store, user, since, MOST_TOLD).await?;
    let events: Vec<_> = events.into_iter().filter_map(|event| Some((news(&event)?, event))).collect();
    if events.is_empty() && troubles.is_empty() {
        return Ok(Vec::new());
    }
    let of_events = events.iter().map(|((_, grant), _)| *grant);
    let about = About {
        grants: of_events.chain(troubles.iter().filter_map(|trouble| trouble.grant)).collect(),
        clients: troubles.iter().filter_map(|trouble| trouble.client.clone()).collect(),
        workspaces: events.iter().filter_map(|(_, event)| event.workspace).collect(),
    };
    let places = Places::of(deps, user, about).await?;
    let of_log = events.into_iter().filter_map(|((news, grant), event)| of_event(&places, &event, news, grant, here));
    let mut told: Vec<Notice> = of_log.collect();
    told.extend(troubles.into_iter().filter_map(|trouble| of_diary(&places, trouble, here)));
    Ok(folded(told))
}

/// What an entry of the audit log tells, and of which connection.
fn news(event: &AuditEvent) -> Option<(News, GrantId)> {
    let news = match event.action {
        Action::CodeReplayed => News::Copied(Copied::Code),
        Action::RefreshReplayed => News::Copied(Copied::RefreshToken),
        Action::GrantRevoked if event.detail["because"] == LEFT => News::Ended(EndedBy::Membership),
        Action::GrantRevoked if event.detail["because"] == NEW_PASSWORD => News::Ended(EndedBy::Password),
        Action::GrantRevoked => News::Ended(EndedBy::Admin),
        _ => return None,
    };
    Some((news, event.target.parse().ok()?))
}

/// None where it is told elsewhere, and where the person has made up for it: the app is connected again.
fn of_event(places: &Places, event: &AuditEvent, news: News, id: GrantId, here: WorkspaceId) -> Option<Notice> {
    if places.of_grant(id, event.workspace) != Some(here) {
        return None;
    }
    let grant = places.grant(id);
    let client = grant.map(|grant| grant.client.clone());
    let is_again = |own: &Grant| {
        Some(&own.client) == client.as_ref() && Some(own.workspace) == event.workspace && own.created_at > event.at
    };
    if matches!(news, News::Ended(_)) && places.connections().any(is_again) {
        return None;
    }
    let noted = event.detail["name"].as_str().unwrap_or_default();
    Some(Notice {
        ids: vec![NoticeId::of_event(event.id)],
        at: event.at,
        news,
        publisher: grant.and_then(|grant| places.publisher(grant)),
        client_name: grant.map_or_else(|| noted.to_owned(), |grant| grant.client_name.clone()),
        client,
        grant: grant.filter(|grant| grant.workspace == here).map(|grant| grant.id),
        workspace: event.workspace.and_then(|id| places.name(id)),
    })
}

/// None where it is told elsewhere, and for an app that the person never let in: they saw the page that said why, and
/// whatever a stranger calls an app would stand among their own news.
fn of_diary(places: &Places, trouble: Sighting, here: WorkspaceId) -> Option<Notice> {
    let Sighting { notice, client, grant, state, last_at, .. } = trouble;
    let State::Failed(mismatch) = state else { return None };
    let grant = grant.and_then(|id| places.grant(id));
    let (place, let_in) = match (grant, client.as_ref()) {
        (Some(grant), _) => (places.of_grant(grant.id, Some(grant.workspace)), grant),
        (None, Some(client)) => (places.of_client(client), places.last_of_client(client)?),
        (None, None) => return None,
    };
    if place != Some(here) {
        return None;
    }
    Some(Notice {
        ids: vec![notice],
        at: last_at,
        news: News::Failed(mismatch),
        // Nothing tells who asked where no answer was given.
        publisher: grant.and_then(|grant| places.publisher(grant)),
        client_name: let_in.client_name.clone(),
        client: Some(let_in.client.clone()),
        workspace: None,
        grant: grant.filter(|grant| grant.workspace == here).map(|grant| grant.id),
    })
}

/// The same of the same app is told once, as of the last time.
fn folded(mut told: Vec<Notice>) -> Vec<Notice> {
    told.sort_by_key(|notice| Reverse(notice.at));
    let mut folded: Vec<Notice> = Vec::new();
    for notice in told {
        match folded.iter_mut().find(|other| is_the_same(other, &notice)) {
            Some(other) => other.ids.extend(notice.ids),
            None => folded.push(notice),
        }
    }
    folded
}

fn is_the_same(one: &Notice, other: &Notice) -> bool {
    one.news == other.news
        && one.client == other.client
        && one.publisher == other.publisher
        && one.client_name == other.client_name
        && one.workspace == other.workspace
}
