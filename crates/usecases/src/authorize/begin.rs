//! The start of an authorization: its parameters are judged and put on file, so that they survive a sign-in or sign-up
//! and can't be changed on the way.

use super::refusal;
use crate::Deps;
use domain::{
    id::AuthorizationRequestId,
    oauth::authorization_request::{AuthorizationRequest, PageFault, Parameters, Stage},
};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// Shown on a page of ours: the redirect URI is not known to be the client's.
    #[error(transparent)]
    Page(#[from] PageFault),
    /// Told to the client: the address to redirect to.
    #[error("the client is told by redirect")]
    Redirect(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Files the request that the decoded `pairs` of a query or form make.
pub async fn begin(deps: &Deps, pairs: Vec<(String, String)>) -> Result<AuthorizationRequestId, BeginError> {
    let parameters = Parameters::new(pairs)?;
    let client = store::client::find(&deps.store, &parameters.client_id()?).await?.ok_or(PageFault::UnknownClient)?;
    let redirect_uri = parameters.redirect_uri(&client)?;
    let public_url = &deps.settings.public_url;
    let state = parameters.get("state").map(str::to_owned);
    let asked = parameters.into_asked(public_url, &client, redirect_uri.clone()).map_err(|fault| {
        let reason = (fault.code, fault.description.as_str());
        BeginError::Redirect(refusal(public_url, &redirect_uri, state.as_deref(), reason))
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
