//! Bearer tokens (RFC 6750) at the MCP endpoints, and the challenge that tells a client where to get one (RFC 9728,
//! section 5.1).

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{
    oauth::{resource::McpResource, scope::ScopeSet},
    principal::Principal,
    settings::PublicUrl,
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use serde_json::json;
use usecases::{
    Deps,
    access::bearer::{self, BearerError},
};

/// A request that may go no further.
pub struct Refusal {
    challenge: String,
    reason: Reason,
}

enum Reason {
    /// The request carried nothing: told where to go, not that it erred (RFC 6750, section 3.1).
    NoCredentials,
    BadCredentials(String),
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
    let refuse = |reason| Refusal { challenge: challenge(&deps.settings.public_url, resource), reason };
    if has_token_in_query(uri.query()) {
        return Err(refuse(Reason::TokenInQuery));
    }
    let token = match bearer_token(headers) {
        Sent::Nothing => return Err(refuse(Reason::NoCredentials)),
        Sent::Unreadable => return Err(refuse(Reason::BadCredentials(BearerError::NotAuthenticated.to_string()))),
        Sent::Token(token) => token,
    };
    bearer::principal(deps, resource, token).await.map_err(|error| match error {
        BearerError::NotAuthenticated | BearerError::WrongResource => refuse(Reason::BadCredentials(error.to_string())),
        BearerError::Store(source) => {
            tracing::error!(error = %source, "A bearer token could not be checked");
            refuse(Reason::Ours)
        }
    })
}

/// Names this resource's own metadata and the scopes that tools need.
fn challenge(public_url: &PublicUrl, resource: &McpResource) -> String {
    format!("Bearer resource_metadata=\"{}\", scope=\"{}\"", resource.metadata_url(public_url), ScopeSet::at_resource())
}

enum Sent<'a> {
    Nothing,
    /// Another scheme, or more than one header.
    Unreadable,
    Token(&'a str),
}

fn bearer_token(headers: &HeaderMap) -> Sent<'_> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Sent::Nothing,
        (Some(value), None) => value,
        (Some(_), Some(_)) => return Sent::Unreadable,
    };
    match value.to_str().ok().and_then(|value| value.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Sent::Token(token.trim()),
        _ => Sent::Unreadable,
    }
}

fn has_token_in_query(query: Option<&str>) -> bool {
    query.is_some_and(|query| url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token"))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, error, description) = match self.reason {
            Reason::NoCredentials => {
                (StatusCode::UNAUTHORIZED, None, "Not authenticated: connect this server in your app.".to_owned())
            }
            Reason::BadCredentials(description) => (StatusCode::UNAUTHORIZED, Some("invalid_token"), description),
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
