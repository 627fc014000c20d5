//! What the diary of connecting is told of a request that takes no answer any more.

use crate::{Deps, access::session::Viewer, connection_log::Note};
use domain::{
    connection::{Mismatch, Step},
    id::AuthorizationRequestId,
    oauth::{authorization_request::Stage, client::Standing},
};
use store::StoreError;

/// `viewer` came too late to see or to answer it. One that was answered is no fault: the first answer stands.
pub(super) async fn note_closed(deps: &Deps, viewer: &Viewer, id: AuthorizationRequestId) -> Result<(), StoreError> {
    let request = store::authorization_request::find(&deps.store, id).await?;
    let Some(request) = request.filter(|request| request.stage == Stage::Pending) else { return Ok(()) };
    let client = store::client::find(&deps.store, &request.asked.client).await?;
    let mismatch = match client.map(|client| client.standing) {
        _ if deps.now() >= request.expires_at => Mismatch::RequestClosed,
        // The operator had their say while the question stood open.
        Some(Standing::Blocked) => Mismatch::BlockedClient,
        Some(Standing::Asked) => Mismatch::ApprovalNeeded,
        Some(Standing::Allowed) | None => Mismatch::RequestClosed,
    };
    let note = Note::failed(Step::Consent, mismatch).client(&request.asked.client.0);
    deps.connections.note(note.request(id).user(viewer.user.id));
    Ok(())
}
