//! What the consent screen shows: computed once, for the page and for the decision alike.

use super::{
    already::{Already, already},
    closed::{note_closed, note_refused},
};
use crate::{Deps, access::session::Viewer, client, connection_log::Note};
use domain::{
    avatar::PhotoId,
    clock::Timestamp,
    connection::{Mismatch, Step},
    id::{AuthorizationRequestId, WorkspaceId},
    oauth::{
        authorization_request::{AuthorizationRequest, PageFault},
        client::Client,
        prompt::Prompt,
        publisher::{self, Publisher},
        redirect_uri::RedirectUri,
        resource::McpResource,
        scope::ScopeSet,
    },
    role::{Permission, Role},
    user::User,
    workspace::Workspace,
};
use store::{Rows, StoreError};

#[derive(Debug, Clone)]
pub struct ConsentScreen {
    pub request: AuthorizationRequestId,
    /// As the client claims it.
    pub client_name: String,
    pub publisher: Publisher,
    /// None: initials stand in.
    pub logo: Option<PhotoId>,
    pub user: User,
    /// The client wants the person to say as whom.
    pub asks_for_account: bool,
    /// Where the person may connect, by name.
    pub workspaces: Vec<(Workspace, Role)>,
    pub selected: Option<WorkspaceId>,
    /// What they have of this app already.
    pub already: Vec<Already>,
    /// The resource names the workspace: there is nothing to pick.
    pub is_locked: bool,
    pub offered: ScopeSet,
    pub redirect_uri: RedirectUri,
    pub expires_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum DescribeError {
    /// Unknown, expired, or answered already.
    #[error("this request has expired or was answered: start again in your app")]
    Gone,
    /// Open, but its client may be told no answer any more.
    #[error(transparent)]
    Refused(#[from] PageFault),
    /// The client asks for a sign-in that is newer than the viewer's.
    #[error("sign in again to go on")]
    SignInAgain,
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn describe(
    deps: &Deps,
    viewer: &Viewer,
    id: AuthorizationRequestId,
) -> Result<ConsentScreen, DescribeError> {
    let found = answerable(deps, id).await;
    match &found {
        Err(DescribeError::Gone) => note_closed(deps, viewer, id).await?,
        Err(DescribeError::Refused(fault)) => note_refused(deps, viewer, id, fault).await?,
        _ => {}
    }
    let (request, client) = found?;
    let request = with_sign_in_of(deps, viewer, request)?;
    let workspaces = choices(&deps.store, viewer, &request.asked.resource).await?;
    let note = match &request.asked.resource {
        _ if !workspaces.is_empty() => Note::passed(Step::Authorize),
        McpResource::Server => Note::failed(Step::Consent, Mismatch::NoWorkspace),
        McpResource::Workspace(slug) => {
            Note::failed(Step::Consent, Mismatch::NotAMember { workspace: Some(slug.to_string()) })
        }
    };
    deps.connections.note(note.client(&client.id.0).request(id).user(viewer.user.id));
    let selected = request
        .picked_workspace
        .filter(|picked| workspaces.iter().any(|(workspace, _)| workspace.id == *picked))
        .or_else(|| workspaces.first().map(|(workspace, _)| workspace.id));
    let publisher = publisher::identify(&client, &request.asked.redirect_uri);
    client::want_logo(deps, &client);
    Ok(ConsentScreen {
        request: request.id,
        already: already(deps, viewer, &publisher, &client.name).await?,
        logo: client::picture(deps, &client, &publisher).await?,
        publisher,
        client_name: client.name,
        user: viewer.user.clone(),
        asks_for_account: request.asked.prompts.contains(Prompt::SelectAccount),
        workspaces,
        selected,
        is_locked: matches!(request.asked.resource, McpResource::Workspace(_)),
        offered: ScopeSet::offered(request.asked.scopes, client.may_refresh),
        redirect_uri: request.asked.redirect_uri,
        expires_at: request.expires_at,
    })
}

/// Who asks, and the name that they claim: all that is told of a request before somebody signs in.
pub async fn who_asks(deps: &Deps, id: AuthorizationRequestId) -> Result<(Publisher, String), DescribeError> {
    let (request, client) = answerable(deps, id).await?;
    Ok((publisher::identify(&client, &request.asked.redirect_uri), client.name))
}

/// Remembers the workspace that **Switch** picked, so that the screen comes back with it.
pub async fn pick_workspace(
    deps: &Deps,
    viewer: &Viewer,
    id: AuthorizationRequestId,
    workspace: WorkspaceId,
) -> Result<(), DescribeError> {
    let request = request_for(deps, viewer, id).await?;
    let choices = choices(&deps.store, viewer, &request.asked.resource).await?;
    if choices.iter().any(|(choice, _)| choice.id == workspace) {
        let transaction = deps.store.begin().await?;
        store::authorization_request::pick_workspace(&transaction, id, workspace).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// An open request whose client may still be told the answer.
async fn answerable(deps: &Deps, id: AuthorizationRequestId) -> Result<(AuthorizationRequest, Client), DescribeError> {
    let request = open_request(deps, id).await?;
    let client = store::client::find(&deps.store, &request.asked.client).await?.ok_or(DescribeError::Gone)?;
    request.asked.may_be_answered(&client)?;
    Ok((request, client))
}

pub(super) async fn open_request(
    deps: &Deps,
    id: AuthorizationRequestId,
) -> Result<AuthorizationRequest, DescribeError> {
    let request = store::authorization_request::find(&deps.store, id).await?;
    request.filter(|request| request.is_open(deps.now())).ok_or(DescribeError::Gone)
}

/// An open request that takes this viewer's sign-in.
pub(super) async fn request_for(
    deps: &Deps,
    viewer: &Viewer,
    id: AuthorizationRequestId,
) -> Result<AuthorizationRequest, DescribeError> {
    with_sign_in_of(deps, viewer, open_request(deps, id).await?)
}

fn with_sign_in_of(
    deps: &Deps,
    viewer: &Viewer,
    request: AuthorizationRequest,
) -> Result<AuthorizationRequest, DescribeError> {
    if request.takes_sign_in_of(viewer.signed_in_at, deps.now()) {
        Ok(request)
    } else {
        Err(DescribeError::SignInAgain)
    }
}

/// The workspaces that this person may connect to this resource.
pub(super) async fn choices(
    rows: &impl Rows,
    viewer: &Viewer,
    resource: &McpResource,
) -> Result<Vec<(Workspace, Role)>, StoreError> {
    let mut workspaces = store::workspace::list_for_user(rows, viewer.user.id).await?;
    workspaces.retain(|(workspace, role)| {
        let fits = match resource {
            McpResource::Server => true,
            McpResource::Workspace(slug) => workspace.slug == *slug,
        };
        fits && role.may(Permission::Connect)
    });
    Ok(workspaces)
}
