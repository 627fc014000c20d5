//! `POST /register` (RFC 7591): a client introduces itself and gets an identifier. The answer tells what was stored,
//! defaults included, and leaves out what there is not.

use super::{
    error::OAuthError,
    wire::{self, LARGEST_BODY},
};
use crate::body;
use axum::{
    Json,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use domain::oauth::{error::ErrorCode, redirect_uri::RedirectUri, scope::ScopeSet};
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use usecases::{
    Deps,
    client::{self, Registered},
};

pub async fn register(State(deps): State<Deps>, request: Request) -> Result<Response, OAuthError> {
    let registered = client::register(&deps, &read(request).await?).await?;
    let mut response = (StatusCode::CREATED, Json(Wire::from(&registered))).into_response();
    wire::forbid_storing(response.headers_mut());
    Ok(response)
}

async fn read(request: Request) -> Result<Value, OAuthError> {
    let (parts, body) = request.into_parts();
    if !wire::is_of_type(&parts.headers, "application/json") {
        return Err(OAuthError::unsupported_media_type(
            ErrorCode::InvalidClientMetadata,
            "send the metadata as application/json",
        ));
    }
    let bytes = body::read(body, LARGEST_BODY)
        .await
        .map_err(|fault| OAuthError::body(ErrorCode::InvalidClientMetadata, "the metadata", fault))?;
    serde_json::from_slice(&bytes)
        .map_err(|_| OAuthError::new(ErrorCode::InvalidClientMetadata, "the metadata is not well-formed JSON"))
}

/// The answer (RFC 7591, section 3.2.1).
#[derive(Serialize)]
struct Wire<'a> {
    client_id: &'a str,
    /// Seconds since 1970.
    client_id_issued_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    /// 0: it does not expire. Stands only beside a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<u8>,
    client_name: &'a str,
    redirect_uris: &'a [RedirectUri],
    grant_types: Vec<&'static str>,
    response_types: [&'static str; 1],
    token_endpoint_auth_method: &'static str,
    scope: String,
}

impl<'a> From<&'a Registered> for Wire<'a> {
    fn from(registered: &'a Registered) -> Self {
        let client = &registered.client;
        let secret = registered.secret.as_ref();
        let mut grant_types = vec!["authorization_code"];
        if client.may_refresh {
            grant_types.push("refresh_token");
        }
        Self {
            client_id: &client.id.0,
            client_id_issued_at: client.created_at.as_seconds(),
            client_secret: secret.map(domain::secret::Secret::expose),
            client_secret_expires_at: secret.map(|_| 0),
            client_name: &client.name,
            redirect_uris: &client.redirect_uris,
            grant_types,
            response_types: ["code"],
            token_endpoint_auth_method: client.auth_method.as_str(),
            scope: ScopeSet::offered(ScopeSet::EMPTY, client.may_refresh).to_string(),
        }
    }
}
