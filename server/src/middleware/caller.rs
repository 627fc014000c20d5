//! Whose request it is, for the diary of connecting.

use super::ClientAddress;
use axum::extract::FromRequestParts;
use http::{Extensions, HeaderMap, header, request::Parts};
use std::convert::Infallible;
use usecases::connection_log::Caller;

/// How much of a user agent tells programs apart.
const LONGEST_USER_AGENT: usize = 300;

/// The caller, for handlers to take.
pub struct CalledBy(pub Caller);

impl<S: Sync> FromRequestParts<S> for CalledBy {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(caller(&parts.extensions, &parts.headers)))
    }
}

pub fn caller(extensions: &Extensions, headers: &HeaderMap) -> Caller {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Caller {
        address: extensions.get::<ClientAddress>().map(|address| address.0),
        // Header texts are ASCII.
        user_agent: user_agent.chars().take(LONGEST_USER_AGENT).collect(),
    }
}
