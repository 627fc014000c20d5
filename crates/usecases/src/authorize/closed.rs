//! What the diary of connecting is told of a request that takes no answer any more.

use crate::{
    Deps,
    access::session::Viewer,
    connection_log::{Note, page_fault},
};
use domain::{
    connection::{Mismatch, Step},
    id::AuthorizationRequestId,
    oauth::authorization_request::{AuthorizationRequest, PageFault, Stage},
};
use store::StoreError;

/// `viewer` came too late to see or to answer it. One that was answered is no fault: the first answer stands.
pub(super) async fn note_closed(deps: &Deps, viewer: &Viewer, id: AuthorizationRequestId) -> Result<(), StoreError> {
    if let Some(request) = pending(deps, id).await? {
        note(deps, viewer, &request, Mismatch::RequestClosed);
    }
    Ok(())
}

/// The operator, or the client itself, had their say while the question stood open.
pub(super) async fn note_refused(
    deps: &Deps,
    viewer: &Viewer,
    id: AuthorizationRequestId,
    fault: &PageFault,
) -> Result<(), StoreError> {
    let Some(request) = pending(deps, id).await? else { return Ok(()) };
    let mismatch = match fault {
        PageFault::RedirectUri(_) => {
            let client = store::client::find(&deps.store, &request.asked.client).await?;
            let registered = client.map(|client| client.redirect_uris).unwrap_or_default();
            Mismatch::callback_url(Some(request.asked.redirect_uri.as_str()), registered.iter().map(|uri| uri.as_str()))
        }
        fault => page_fault(fault),
    };
    note(deps, viewer, &request, mismatch);
    Ok(())
}

async fn pending(deps: &Deps, id: AuthorizationRequestId) -> Result<Option<AuthorizationRequest>, StoreError> {
    let request = store::authorization_request::find(&deps.store, id).await?;
    Ok(request.filter(|request| request.stage == Stage::Pending))
}

fn note(deps: &Deps, viewer: &Viewer, request: &AuthorizationRequest, mismatch: Mismatch) {
    let note = Note::failed(Step::Consent, mismatch).client(&request.asked.client.0);
    deps.connections.note(note.request(request.id).user(viewer.user.id));
}
