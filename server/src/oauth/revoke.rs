//! `POST /revoke` (RFC 7009): a client gives a token back. A token that is unknown, or another client's, is answered alike.

use super::{client_authentication, error::OAuthError, wire, wire::Form};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode};
use usecases::Deps;

pub async fn revoke(State(deps): State<Deps>, headers: HeaderMap, form: Form) -> Result<Response, OAuthError> {
    let client = client_authentication::authenticate(&deps, &headers, &form).await?;
    let token = form.required("token")?;
    usecases::token::revoke(&deps, &client, &token).await.map_err(|source| OAuthError::server_error(&source))?;
    let mut response = StatusCode::OK.into_response();
    wire::forbid_storing(response.headers_mut());
    Ok(response)
}
