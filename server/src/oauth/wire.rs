//! How OAuth's parameters travel: forms in, JSON out, CORS for machines in browsers, JSON for paths and methods that
//! don't exist.

use super::error::OAuthError;
use crate::{body, middleware::PREFLIGHT_LIFE};
use axum::{
    Json,
    body::Body,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use domain::oauth::error::ErrorCode;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::json;
use std::collections::HashSet;
use tower_http::cors::{AllowHeaders, Any, CorsLayer};
use url::form_urlencoded;

/// The largest form or registration that is read, in bytes.
pub const LARGEST_BODY: usize = 16 * 1024;
const MOST_PARAMETERS: usize = 100;

/// A form whose parameters came at most once each (RFC 6749, section 3.2).
pub struct Form {
    pairs: Vec<(String, String)>,
}

impl Form {
    fn new(pairs: Vec<(String, String)>) -> Result<Self, OAuthError> {
        let mut names = HashSet::new();
        for (name, _) in &pairs {
            // `resource` alone may repeat (RFC 8707, section 2).
            if !names.insert(name) && name != "resource" {
                return Err(OAuthError::invalid_request(format!("the parameter {name} was sent more than once")));
            }
        }
        Ok(Self { pairs })
    }

    /// An empty value counts as left out (RFC 6749, section 3.2).
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(sent, value)| sent == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs
            .iter()
            .filter(move |(sent, value)| sent == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    pub fn required(&self, name: &str) -> Result<String, OAuthError> {
        self.owned(name).ok_or_else(|| OAuthError::invalid_request(format!("the parameter {name} is missing")))
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = OAuthError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, OAuthError> {
        let (parts, body) = request.into_parts();
        Self::new(read_pairs(&parts.headers, body).await?)
    }
}

/// The decoded pairs of a form body, in order, repeats included.
pub async fn read_pairs(headers: &HeaderMap, body: Body) -> Result<Vec<(String, String)>, OAuthError> {
    if !is_of_type(headers, "application/x-www-form-urlencoded") {
        return Err(OAuthError::invalid_request("send the parameters as application/x-www-form-urlencoded"));
    }
    let bytes = body::read(body, LARGEST_BODY)
        .await
        .map_err(|fault| OAuthError::body(ErrorCode::InvalidRequest, "the form", fault))?;
    let pairs = pairs(&bytes).ok_or_else(|| OAuthError::invalid_request("the form has more than 100 parameters"))?;
    // No value of ours has one, and PostgreSQL takes none.
    if pairs.iter().any(|(_, value)| value.contains('\0')) {
        return Err(OAuthError::invalid_request("a parameter contains a NUL"));
    }
    Ok(pairs)
}

/// The decoded pairs of a query; none where it is more than a form may be.
pub fn read_query(query: &str) -> Option<Vec<(String, String)>> {
    (query.len() <= LARGEST_BODY).then(|| pairs(query.as_bytes())).flatten()
}

/// None where there are too many, which is counted before they are kept: names cost more than the bytes they come in.
fn pairs(encoded: &[u8]) -> Option<Vec<(String, String)>> {
    let pairs = form_urlencoded::parse(encoded);
    pairs.clone().nth(MOST_PARAMETERS).is_none().then(|| pairs.into_owned().collect())
}

pub fn is_of_type(headers: &HeaderMap, expected: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(expected))
}

/// Tokens, secrets and errors are for one reader, once (RFC 6749, section 5.1).
pub fn forbid_storing(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
}

/// Clients that live in a browser read metadata and trade tokens from any origin; no cookie is ever involved.
pub fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS])
        // Mirrored: whatever a client sends to `/mcp`, tracing and headers of its own, its library sends here too.
        .allow_headers(AllowHeaders::mirror_request())
        .max_age(PREFLIGHT_LIFE)
        .expose_headers([
            header::WWW_AUTHENTICATE,
            header::RETRY_AFTER,
            HeaderName::from_static("mcp-session-id"),
            HeaderName::from_static("mcp-protocol-version"),
        ])
}

/// A metadata document, which clients may keep for a few minutes.
pub fn document(body: serde_json::Value) -> Response {
    let mut response = Json(body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

pub async fn not_found() -> Response {
    (
        StatusCode::NOT_FOUND,
        Json(json!({"error": "not_found", "error_description": "there is nothing at this address"})),
    )
        .into_response()
}

/// The `Allow` header is axum's.
pub async fn wrong_method() -> Response {
    let description = "this address does not take this method; the Allow header names those that it takes";
    let body = json!({"error": "invalid_request", "error_description": description});
    (StatusCode::METHOD_NOT_ALLOWED, Json(body)).into_response()
}
