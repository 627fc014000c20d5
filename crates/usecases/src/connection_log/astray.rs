//! Apps that call where no connector is: whose connection it was, where they show a token of one.

use super::Note;
use crate::{
    Deps,
    access::bearer::{self, BearerError},
};
use domain::connection::{Mismatch, Step};

/// A call at `path`, where nothing answers apps. A token that is live names its connection; any other one names nothing.
pub async fn wrong_path(deps: &Deps, path: &str, token: Option<&str>) -> Note {
    let nameless = Note::failed(Step::Challenge, Mismatch::wrong_path(path));
    let Some(token) = token else { return nameless };
    match bearer::find(deps, token, deps.now()).await {
        Ok(live) => {
            let called = deps.settings.public_url.join(path);
            let mismatch = Mismatch::wrong_address(&called, &live.grant.resource);
            Note::failed(Step::FirstCall, mismatch).client(&live.client.id.0).grant(live.grant.id).user(live.user.id)
        }
        Err(BearerError::NotAuthenticated | BearerError::Blocked | BearerError::WrongResource) => nameless,
        Err(BearerError::Store(error)) => {
            tracing::warn!(error = %error, "The diary of connecting could not look up a token that was shown at a wrong path");
            nameless
        }
    }
}
