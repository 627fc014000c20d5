//! What there is to tell a person in one of their workspaces, latest first.

use super::{Copied, EndedBy, News, Notice, TOLD_FOR, places::Places};
use crate::{
    Deps,
    access::session::Viewer,
    connection_log::{Sighting, own_troubles},
    grant::LEFT,
    workspace::Member,
};
use domain::{
    audit::{Action, AuditEvent},
    connection::State,
    id::{GrantId, UserId, WorkspaceId},
    notice::NoticeId,
    oauth::{
        client::{Client, ClientId},
        grant::Grant,
        publisher,
    },
};
use std::{cmp::Reverse, collections::HashSet};
use store::StoreError;

/// What a person is told at once. Whoever makes more of it makes it on purpose.
const MOST_TOLD: u64 = 100;

/// Everything.
pub async fn list(deps: &Deps, viewer: &Viewer, member: &Member) -> Result<Vec<Notice>, StoreError> {
    let user = viewer.user.id;
    let (places, away) = (Places::of(deps, user).await?, store::notice::list_put_away(&deps.store, user).await?);
    let mut told = of_log(deps, user, &places, &away, member.workspace.id).await?;
    for trouble in own_troubles(deps, viewer).await? {
        if !away.contains(&trouble.notice) {
            told.extend(of_diary(deps, &places, trouble, member.workspace.id).await?);
        }
    }
    Ok(folded(told))
}

/// What somebody else did: told wherever the person is in the workspace.
pub async fn list_urgent(deps: &Deps, viewer: &Viewer, member: &Member) -> Result<Vec<Notice>, StoreError> {
    let user = viewer.user.id;
    let (places, away) = (Places::of(deps, user).await?, store::notice::list_put_away(&deps.store, user).await?);
    Ok(folded(of_log(deps, user, &places, &away, member.workspace.id).await?))
}

async fn of_log(
    deps: &Deps,
    user: UserId,
    places: &Places,
    away: &HashSet<NoticeId>,
    here: WorkspaceId,
) -> Result<Vec<Notice>, StoreError> {
    let mut told = Vec::new();
    let since = deps.now().minus(TOLD_FOR);
    for event in store::audit::list_concerning(&deps.store, user, since, MOST_TOLD).await? {
        let news = match event.action {
            Action::CodeReplayed => News::Copied(Copied::Code),
            Action::RefreshReplayed => News::Copied(Copied::RefreshToken),
            Action::GrantRevoked if event.detail["because"] == LEFT => News::Ended(EndedBy::Membership),
            Action::GrantRevoked => News::Ended(EndedBy::Admin),
            _ => continue,
        };
        let Ok(grant) = event.target.parse::<GrantId>() else { continue };
        let is_here = places.of_grant(grant, event.workspace) == Some(here);
        if is_here && !away.contains(&NoticeId::of_event(event.id)) {
            told.extend(of_event(deps, places, &event, news, grant).await?);
        }
    }
    Ok(told)
}

/// None where the person has made up for it: the app is connected again.
async fn of_event(
    deps: &Deps,
    places: &Places,
    event: &AuditEvent,
    news: News,
    id: GrantId,
) -> Result<Option<Notice>, StoreError> {
    let grant = store::grant::find(&deps.store, id).await?;
    let client_id = grant.as_ref().map(|grant| grant.client.clone());
    let is_again = |own: &Grant| {
        Some(&own.client) == client_id.as_ref() && Some(own.workspace) == event.workspace && own.created_at > event.at
    };
    if matches!(news, News::Ended(_)) && places.grants.iter().any(is_again) {
        return Ok(None);
    }
    let client = find(deps, client_id.as_ref()).await?;
    let publisher =
        client.zip(grant.as_ref()).map(|(client, grant)| publisher::identify_at(&client, &grant.redirect_uri));
    let noted = event.detail["name"].as_str().unwrap_or_default();
    let workspace = match event.workspace {
        Some(id) => match places.name(id) {
            Some(name) => Some(name),
            None => store::workspace::find(&deps.store, id).await?.map(|workspace| workspace.name),
        },
        None => None,
    };
    Ok(Some(Notice {
        ids: vec![NoticeId::of_event(event.id)],
        at: event.at,
        news,
        publisher,
        client_name: grant.as_ref().map_or_else(|| noted.to_owned(), |grant| grant.client_name.clone()),
        client: client_id,
        grant: grant.filter(|grant| places.of_grant(grant.id, None) == Some(grant.workspace)).map(|grant| grant.id),
        workspace,
    }))
}

async fn of_diary(
    deps: &Deps,
    places: &Places,
    trouble: Sighting,
    here: WorkspaceId,
) -> Result<Option<Notice>, StoreError> {
    let Sighting { notice, client, grant, client_name, state, last_at, .. } = trouble;
    let State::Failed(mismatch) = state else { return Ok(None) };
    let grant = match grant {
        Some(id) => store::grant::find(&deps.store, id).await?,
        None => None,
    };
    let place = match &grant {
        Some(grant) => places.of_grant(grant.id, Some(grant.workspace)),
        None => places.of_client(client.as_ref()),
    };
    if place != Some(here) {
        return Ok(None);
    }
    let client = client.or_else(|| grant.as_ref().map(|grant| grant.client.clone()));
    let client_name = grant.as_ref().map(|grant| grant.client_name.clone()).or(client_name);
    let publisher = find(deps, client.as_ref()).await?.zip(grant.as_ref());
    let publisher = publisher.map(|(client, grant)| publisher::identify_at(&client, &grant.redirect_uri));
    Ok(Some(Notice {
        ids: vec![notice],
        at: last_at,
        news: News::Failed(mismatch),
        publisher,
        client_name: client_name.unwrap_or_default(),
        client,
        workspace: None,
        grant: grant.filter(|grant| grant.workspace == here).map(|grant| grant.id),
    }))
}

async fn find(deps: &Deps, id: Option<&ClientId>) -> Result<Option<Client>, StoreError> {
    match id {
        Some(id) => store::client::find(&deps.store, id).await,
        None => Ok(None),
    }
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
        && one.client_name == other.client_name
        && one.workspace == other.workspace
}
