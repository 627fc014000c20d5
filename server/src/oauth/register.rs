//! `POST /register` (RFC 7591): a client introduces itself and gets an identifier. At `/register/{client_id}` (RFC 7592) it
//! looks after its registration. The answer tells what is stored, defaults included, and leaves out what there is not.

use super::{
    error::OAuthError,
    wire::{self, LARGEST_BODY},
};
use crate::{
    bearer::{self, Sent},
    body,
    middleware::{CalledBy, ClientAddress},
};
use axum::{
    Json,
    extract::{Extension, Path, Request, State},
    response::{IntoResponse, Response},
};
use domain::{
    connection::Step,
    oauth::{
        client::{ClientId, ClientKeys},
        error::ErrorCode,
        logo::LogoUri,
        redirect_uri::RedirectUri,
        scope::ScopeSet,
    },
    secret::Secret,
    settings::PublicUrl,
};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::Value;
use usecases::{
    Deps,
    client::{self, Registered},
    connection_log::Note,
};

pub async fn register(
    State(deps): State<Deps>,
    address: Option<Extension<ClientAddress>>,
    CalledBy(caller): CalledBy,
    request: Request,
) -> Result<Response, OAuthError> {
    let document = listen(&deps, address, request).await;
    // Kept whatever becomes of the request, so that its makers can be told.
    let name =
        document.as_ref().ok().and_then(|document| document["client_name"].as_str()).unwrap_or_default().to_owned();
    let registered = match document {
        Ok(document) => client::register(&deps, &document).await.map_err(OAuthError::from),
        Err(error) => Err(error),
    };
    let note = match &registered {
        Ok(registered) => Note::passed(Step::Registration).client(&registered.client.id.0),
        Err(error) => error.note(Step::Registration).claimed_name(&name),
    };
    deps.connections.note(note.from(&caller));
    Ok(answer(&deps, StatusCode::CREATED, &registered?))
}

async fn listen(deps: &Deps, address: Option<Extension<ClientAddress>>, request: Request) -> Result<Value, OAuthError> {
    if let Some(Extension(ClientAddress(address))) = address {
        deps.pace.registration(address).map_err(OAuthError::too_fast)?;
    }
    read(request).await
}

pub async fn show(
    State(deps): State<Deps>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, OAuthError> {
    let registered = client::read(&deps, &ClientId(id), registration_token(&headers)?).await?;
    Ok(answer(&deps, StatusCode::OK, &registered))
}

pub async fn update(
    State(deps): State<Deps>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, OAuthError> {
    let token = registration_token(request.headers())?.to_owned();
    let registered = client::update(&deps, &ClientId(id), &token, &read(request).await?).await?;
    Ok(answer(&deps, StatusCode::OK, &registered))
}

pub async fn delete(
    State(deps): State<Deps>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, OAuthError> {
    client::delete(&deps, &ClientId(id), registration_token(&headers)?).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    wire::forbid_storing(response.headers_mut());
    Ok(response)
}

/// What is no token opens nothing.
fn registration_token(headers: &HeaderMap) -> Result<&str, OAuthError> {
    match bearer::token(headers) {
        Sent::Token(token) => Ok(token),
        Sent::Unreadable => Ok(""),
        Sent::Nothing => Err(OAuthError::no_registration_token()),
    }
}

fn answer(deps: &Deps, status: StatusCode, registered: &Registered) -> Response {
    let mut response = (status, Json(Wire::of(&deps.settings.public_url, registered))).into_response();
    wire::forbid_storing(response.headers_mut());
    response
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

/// The answer (RFC 7591, section 3.2.1; RFC 7592, section 3).
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
    #[serde(skip_serializing_if = "Option::is_none")]
    logo_uri: Option<&'a str>,
    redirect_uris: &'a [RedirectUri],
    grant_types: Vec<&'static str>,
    response_types: [&'static str; 1],
    token_endpoint_auth_method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_uri: Option<&'a str>,
    id_token_signed_response_alg: &'static str,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_access_token: Option<&'a str>,
    /// Stands only beside the token that opens it.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_client_uri: Option<String>,
}

impl<'a> Wire<'a> {
    fn of(public_url: &PublicUrl, registered: &'a Registered) -> Self {
        let client = &registered.client;
        let secret = registered.secret.as_ref();
        let registration_token = registered.registration_token.as_ref();
        let (jwks, jwks_uri) = match &client.keys {
            None => (None, None),
            Some(ClientKeys::Set(set)) => (Some(set), None),
            Some(ClientKeys::Uri(uri)) => (None, Some(uri.as_str())),
        };
        let mut grant_types = vec!["authorization_code"];
        if client.may_refresh {
            grant_types.push("refresh_token");
        }
        Self {
            client_id: &client.id.0,
            client_id_issued_at: client.created_at.as_seconds(),
            client_secret: secret.map(Secret::expose),
            client_secret_expires_at: secret.map(|_| 0),
            client_name: &client.name,
            logo_uri: client.logo_uri.as_ref().map(LogoUri::as_str),
            redirect_uris: &client.redirect_uris,
            grant_types,
            response_types: ["code"],
            token_endpoint_auth_method: client.auth_method.as_str(),
            jwks,
            jwks_uri,
            id_token_signed_response_alg: client.identity_token_algorithm.as_str(),
            scope: ScopeSet::offered(ScopeSet::EMPTY, client.may_refresh).to_string(),
            registration_access_token: registration_token.map(Secret::expose),
            registration_client_uri: registration_token.map(|_| public_url.join(&format!("/register/{}", client.id))),
        }
    }
}
