//! The person's answer. The request is consumed first, by one conditional write: it is answered once or not at all. A second
//! click is told what the first was.

use super::{
    closed::{note_closed, note_refused},
    describe::{DescribeError, choices, open_request, request_for},
    recent::Given,
    refusal,
};
use crate::{
    Deps,
    access::session::Viewer,
    audit::{self, Entry},
    connection_log::Note,
    token::issue_code,
};
use domain::{
    audit::{Action, Actor},
    connection::{Mismatch, Step},
    id::{AuthorizationRequestId, GrantId, WorkspaceId},
    oauth::{
        authorization_request::{Asked, PageFault, RedirectFault},
        client::Client,
        error::ErrorCode,
        grant::{Answer, Grant},
        scope::ScopeSet,
    },
    principal::Subject,
};
use serde_json::json;
use store::{StoreError, Transaction};

#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error("this request has expired or was answered: start again in your app")]
    Gone,
    /// Open, but its client may be told no answer any more.
    #[error(transparent)]
    Refused(#[from] PageFault),
    #[error("sign in again to go on")]
    SignInAgain,
    #[error("you don't belong to that workspace any more: choose another")]
    NotAMember,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DescribeError> for DecideError {
    fn from(error: DescribeError) -> Self {
        match error {
            DescribeError::Gone => Self::Gone,
            DescribeError::Refused(fault) => Self::Refused(fault),
            DescribeError::SignInAgain => Self::SignInAgain,
            DescribeError::Store(error) => Self::Store(error),
        }
    }
}

/// Takes the answer and says where the browser goes next: the client's redirect URI with a code or an error, `state` and
/// `iss`.
pub async fn decide(
    deps: &Deps,
    viewer: &Viewer,
    id: AuthorizationRequestId,
    answer: Answer,
) -> Result<String, DecideError> {
    let decided = take(deps, viewer, id, answer.clone()).await;
    if matches!(decided, Err(DecideError::Gone))
        && let Some(redirect) = given_before(deps, viewer, id, &answer).await?
    {
        return Ok(redirect);
    }
    let note = match &decided {
        Ok((_, Some(grant))) => Note::passed(Step::Consent).grant(*grant),
        Ok((_, None)) => Note::failed(Step::Consent, Mismatch::Denied),
        Err(DecideError::NotAMember) => Note::failed(Step::Consent, Mismatch::NotAMember { workspace: None }),
        Err(DecideError::Gone) => {
            note_closed(deps, viewer, id).await?;
            return Err(DecideError::Gone);
        }
        Err(DecideError::Refused(fault)) => {
            note_refused(deps, viewer, id, fault).await?;
            return Ok(decided?.0);
        }
        Err(DecideError::SignInAgain | DecideError::Store(_)) => return Ok(decided?.0),
    };
    deps.connections.note(note.request(id).user(viewer.user.id));
    Ok(decided?.0)
}

/// Where the first of two clicks was sent, as long as nobody has redeemed its code: whoever has, has arrived.
async fn given_before(
    deps: &Deps,
    viewer: &Viewer,
    id: AuthorizationRequestId,
    answer: &Answer,
) -> Result<Option<String>, StoreError> {
    let Some(given) = deps.recent_answers.find(id, viewer.session, answer, deps.now()) else { return Ok(None) };
    let is_unspent = match given.grant {
        Some(grant) => store::authorization_code::is_unspent(&deps.store, grant, deps.now()).await?,
        None => true,
    };
    Ok(is_unspent.then_some(given.redirect))
}

/// Where the browser goes, and the grant if one was given.
async fn take(
    deps: &Deps,
    viewer: &Viewer,
    id: AuthorizationRequestId,
    answer: Answer,
) -> Result<(String, Option<GrantId>), DecideError> {
    // To decline gives nothing away, so it takes no fresh sign-in.
    let request = match &answer {
        Answer::Approve { .. } => request_for(deps, viewer, id).await?,
        Answer::Deny => open_request(deps, id).await?,
    };
    let asked = request.asked;
    let transaction = deps.store.begin().await?;
    if !store::authorization_request::decide(&transaction, id, deps.now()).await? {
        return Err(DecideError::Gone);
    }
    if let Answer::Approve { workspace, .. } = &answer {
        // Whoever ends the session meanwhile, as a new password does, finds the connection made or finds none made after.
        if !store::session::hold(&transaction, viewer.session).await? {
            return Err(DecideError::SignInAgain);
        }
        // Nobody is taken out of that workspace meanwhile: a connection would be left behind that nobody ended.
        store::membership::hold(&transaction, *workspace).await?;
        let choices = choices(&transaction, viewer, &asked.resource).await?;
        if !choices.iter().any(|(choice, _)| choice.id == *workspace) {
            return Err(DecideError::NotAMember);
        }
    }
    // The operator or the client itself may have had a say since the screen was shown.
    let client = store::client::find(&transaction, &asked.client).await?.ok_or(DecideError::Gone)?;
    asked.may_be_answered(&client)?;
    let (redirect, grant) = match answer.clone() {
        Answer::Approve { workspace, ticked } => {
            let (redirect, grant) = approve(deps, &transaction, viewer, &client, &asked, workspace, ticked).await?;
            (redirect, Some(grant))
        }
        Answer::Deny => (deny(deps, &transaction, viewer, &asked).await?, None),
    };
    // Before it is committed: from then on a second click may look for it.
    let given = Given { redirect: redirect.clone(), grant };
    deps.recent_answers.keep(id, viewer.session, answer, given, deps.now());
    transaction.commit().await?;
    Ok((redirect, grant))
}

async fn approve(
    deps: &Deps,
    transaction: &Transaction,
    viewer: &Viewer,
    client: &Client,
    asked: &Asked,
    workspace: WorkspaceId,
    ticked: ScopeSet,
) -> Result<(String, GrantId), StoreError> {
    let now = deps.now();
    let grant = Grant {
        id: GrantId::generate(now, &*deps.entropy),
        subject: Subject::User(viewer.user.id),
        client: client.id.clone(),
        client_name: client.name.clone(),
        workspace,
        asked: asked.scopes,
        scopes: ScopeSet::granted(ScopeSet::offered(asked.scopes, client.may_refresh), ticked),
        resource: asked.resource.uri(&deps.settings.public_url),
        redirect_uri: asked.redirect_uri.to_string(),
        created_at: now,
        last_used_at: None,
        revoked_at: None,
    };
    store::grant::insert(transaction, &grant).await?;
    let code = issue_code(deps, transaction, &grant, asked, viewer).await?;
    let entry = Entry {
        workspace: Some(workspace),
        actor: Actor::User(viewer.user.id),
        action: Action::GrantApproved,
        target: grant.id.to_string(),
        detail: json!({
            "client": grant.client,
            "name": grant.client_name,
            "scopes": grant.scopes,
            "resource": grant.resource,
        }),
    };
    audit::record(deps, transaction, entry).await?;
    let mut answer = vec![("code", code.expose())];
    answer.extend(asked.state.as_deref().map(|state| ("state", state)));
    answer.push(("iss", deps.settings.public_url.as_str()));
    Ok((asked.redirect_uri.with_query(&answer), grant.id))
}

async fn deny(deps: &Deps, transaction: &Transaction, viewer: &Viewer, asked: &Asked) -> Result<String, StoreError> {
    let entry = Entry {
        workspace: None,
        actor: Actor::User(viewer.user.id),
        action: Action::GrantDenied,
        target: asked.client.to_string(),
        detail: json!({}),
    };
    audit::record(deps, transaction, entry).await?;
    let fault = RedirectFault { code: ErrorCode::AccessDenied, description: "the person declined".to_owned() };
    Ok(refusal(&deps.settings.public_url, &asked.redirect_uri, asked.state.as_deref(), &fault))
}
