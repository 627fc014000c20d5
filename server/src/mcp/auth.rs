//! Bearer tokens (RFC 6750) at the MCP endpoints, and the challenge that tells a client where to get one (RFC 9728,
//! section 5.1).

use crate::bearer::{self as sent, Sent};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{
    connection::{Mismatch, Step},
    oauth::{resource::McpResource, scope::ScopeSet},
    principal::Principal,
    settings::PublicUrl,
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde_json::json;
use usecases::{
    Deps,
    access::bearer::{self, BearerError},
    connection_log::{self, Note},
};

/// A request that may go no further.
pub struct Refusal {
    challenge: String,
    reason: Reason,
    /// For the diary of connecting.
    pub note: Note,
}

enum Reason {
    /// The request carried nothing: told where to go, not that it erred (RFC 6750, section 3.1).
    NoCredentials,
    BadCredentials(String),
    /// A token that was narrowed too far (RFC 6750, section 3.1): told every scope that is needed, at once.
    InsufficientScope,
    /// A token in the query string ends up in logs (RFC 6750, section 5.3).
    TokenInQuery,
    Ours,
}

pub async fn authenticate(
    deps: &Deps,
    resource: &McpResource,
    uri: &Uri,
    headers: &HeaderMap,
) -> Result<Principal, Refusal> {
    let public_url = &deps.settings.public_url;
    let refuse = |reason, note| Refusal { challenge: challenge(public_url, resource), reason, note };
    let failed = |mismatch| Note::failed(Step::FirstCall, mismatch);
    if sent::is_in_query(uri.query()) {
        return Err(refuse(Reason::TokenInQuery, failed(Mismatch::TokenInAddress)));
    }
    let token = match sent::token(headers) {
        Sent::Nothing => return Err(refuse(Reason::NoCredentials, challenged(public_url, headers))),
        Sent::Unreadable => {
            let reason = Reason::BadCredentials(BearerError::NotAuthenticated.to_string());
            return Err(refuse(reason, failed(Mismatch::TokenUnreadable)));
        }
        Sent::Token(token) => token,
    };
    let principal = match bearer::principal(deps, resource, token).await {
        Ok(principal) => principal,
        Err(error @ (BearerError::NotAuthenticated | BearerError::Blocked | BearerError::WrongResource)) => {
            let note = connection_log::refused_token(deps, resource, token).await;
            return Err(refuse(Reason::BadCredentials(error.to_string()), note));
        }
        Err(BearerError::Store(source)) => {
            tracing::error!(error = %source, "A bearer token could not be checked");
            return Err(refuse(Reason::Ours, failed(Mismatch::ServerFault)));
        }
    };
    if ScopeSet::required().is_subset_of(principal.scopes) {
        return Ok(principal);
    }
    let challenge = challenge_for(&deps.settings.public_url, resource, principal.scopes.union(ScopeSet::required()));
    let note = failed(Mismatch::ScopeTooNarrow).client(&principal.client.0).grant(principal.grant);
    Err(Refusal { challenge, reason: Reason::InsufficientScope, note })
}

/// A proxy that speaks the truth says by which protocol the app called.
fn challenged(public_url: &PublicUrl, headers: &HeaderMap) -> Note {
    let spoken = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    let spoken = spoken.and_then(|value| value.split(',').next()).map(str::trim);
    if public_url.is_https() && spoken.is_some_and(|spoken| spoken.eq_ignore_ascii_case("http")) {
        return Note::failed(Step::Challenge, Mismatch::WrongScheme { expected: public_url.to_string() });
    }
    Note::passed(Step::Challenge)
}

/// Names this resource's own metadata and the scopes to ask for.
fn challenge(public_url: &PublicUrl, resource: &McpResource) -> String {
    challenge_for(public_url, resource, ScopeSet::at_resource())
}

fn challenge_for(public_url: &PublicUrl, resource: &McpResource, scopes: ScopeSet) -> String {
    format!("Bearer resource_metadata=\"{}\", scope=\"{scopes}\"", resource.metadata_url(public_url))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, description) = match self.reason {
            Reason::NoCredentials => {
                (StatusCode::UNAUTHORIZED, None, "Not authenticated: connect this server in your app.".to_owned())
            }
            Reason::BadCredentials(description) => (StatusCode::UNAUTHORIZED, Some("invalid_token"), description),
            Reason::InsufficientScope => (
                StatusCode::FORBIDDEN,
                Some("insufficient_scope"),
                "This token was narrowed too far for this server: authorize again with the scopes named here."
                    .to_owned(),
            ),
            Reason::TokenInQuery => (
                StatusCode::BAD_REQUEST,
                Some("invalid_request"),
                "Send the access token in the Authorization header, never in the address.".to_owned(),
            ),
            Reason::Ours => return super::error::ours(None),
        };
        let challenge = match error {
            Some(error) => format!("{}, error=\"{error}\", error_description=\"{description}\"", self.challenge),
            None => self.challenge,
        };
        let body = json!({"error": error.unwrap_or("unauthorized"), "error_description": description});
        let mut response = (status, Json(body)).into_response();
        if let Ok(challenge) = HeaderValue::try_from(challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
