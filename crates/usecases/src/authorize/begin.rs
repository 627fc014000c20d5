//! The start of an authorization: its parameters are judged and put on file, so that they survive a sign-in or sign-up
//! and can't be changed on the way.

use super::{refusal, sign_in::silent_refusal};
use crate::{
    Deps,
    access::session::Viewer,
    client::{ResolveError, resolve, resolve_again},
};
use domain::{
    id::AuthorizationRequestId,
    oauth::{
        authorization_request::{AuthorizationRequest, PageFault, Parameters, RedirectFault, Stage},
        client::Client,
        publisher,
        redirect_uri::RedirectUri,
    },
};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// Shown on a page of ours: the redirect URI is not known to be the client's.
    #[error(transparent)]
    Page(#[from] PageFault),
    /// Told to the client: the address to redirect to, and what is the matter.
    #[error("the client is told by redirect: {1}")]
    Redirect(String, RedirectFault),
    /// The same, where nobody vouches for the address: the person decides whether the browser goes there.
    #[error("the client at {host} is told if the person goes there: {fault}")]
    Offer { url: String, host: String, fault: RedirectFault },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ResolveError> for BeginError {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::Identifier(fault) => Self::Page(PageFault::Identifier(fault)),
            ResolveError::Document { host, reason } => Self::Page(PageFault::Document { host, reason }),
            ResolveError::Store(source) => Self::Store(source),
        }
    }
}

/// Files the request that the decoded `pairs` of a query or form make, for whoever sits before the browser.
pub async fn begin(
    deps: &Deps,
    viewer: Option<&Viewer>,
    pairs: Vec<(String, String)>,
) -> Result<AuthorizationRequestId, BeginError> {
    let parameters = Parameters::new(pairs)?;
    let (client, redirect_uri) = client_and_redirect_uri(deps, &parameters).await?;
    let public_url = &deps.settings.public_url;
    let state = parameters.get("state").map(str::to_owned);
    let judged = parameters.into_asked(public_url, &client, redirect_uri.clone());
    let judged = judged.and_then(|asked| silent_refusal(deps, viewer, &asked).map_or(Ok(asked), Err));
    let asked = judged.map_err(|fault| {
        let url = refusal(public_url, &redirect_uri, state.as_deref(), &fault);
        match publisher::identify(&client, &redirect_uri).stranger() {
            Some(host) => BeginError::Offer { url, host: host.to_owned(), fault },
            None => BeginError::Redirect(url, fault),
        }
    })?;
    let now = deps.now();
    let request = AuthorizationRequest {
        id: AuthorizationRequestId::generate(now, &*deps.entropy),
        asked,
        picked_workspace: None,
        created_at: now,
        expires_at: now.plus(deps.settings.lifetimes.authorization_request),
        stage: Stage::Pending,
    };
    let transaction = deps.store.begin().await?;
    store::authorization_request::insert(&transaction, &request).await?;
    crate::client::seen(deps, &transaction, &request.asked.client).await?;
    transaction.commit().await?;
    Ok(request.id)
}

/// Who asks, and where the answer may go. An address that our copy of the client's document doesn't list may be new there.
async fn client_and_redirect_uri(deps: &Deps, parameters: &Parameters) -> Result<(Client, RedirectUri), BeginError> {
    let mut client = resolve(deps, &parameters.client_id()?).await?.ok_or(PageFault::UnknownClient)?;
    let mut redirect_uri = parameters.redirect_uri(&client);
    if matches!(redirect_uri, Err(PageFault::RedirectUri(_)))
        && let Some(newer) = resolve_again(deps, &client).await?
    {
        redirect_uri = parameters.redirect_uri(&newer);
        client = newer;
    }
    if matches!(redirect_uri, Err(PageFault::UnapprovedClient(_))) {
        note_waiting(deps, &client).await?;
    }
    Ok((client, redirect_uri?))
}

/// Somebody wants to use it: that puts it before others that wait for the operator's answer.
async fn note_waiting(deps: &Deps, client: &Client) -> Result<(), StoreError> {
    let transaction = deps.store.begin().await?;
    crate::client::seen(deps, &transaction, &client.id).await?;
    transaction.commit().await
}
