//! `POST /revoke` (RFC 7009): a client gives a token back. A token that is unknown, or another client's, is answered alike.

use super::{client_authentication, error::OAuthError, failures::Failures, wire, wire::Form};
use crate::middleware::CalledBy;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::HeaderMap;
use serde_json::json;
use usecases::Deps;

pub async fn revoke(
    State(deps): State<Deps>,
    CalledBy(caller): CalledBy,
    headers: HeaderMap,
    form: Result<Form, OAuthError>,
) -> Result<Response, OAuthError> {
    let mut failures = Failures::of(&deps, caller.address);
    let form = failures.judge(form)?;
    failures.admit(form.get("token")).await?;
    let was_its_own = failures.judge(give_back(&deps, &headers, &form).await)?;
    if !was_its_own {
        failures.count();
    }
    // The body says nothing (RFC 7009, section 2.2), and is there for libraries that read any answer as JSON.
    let mut response = Json(json!({})).into_response();
    wire::forbid_storing(response.headers_mut());
    Ok(response)
}

async fn give_back(deps: &Deps, headers: &HeaderMap, form: &Form) -> Result<bool, OAuthError> {
    let client = client_authentication::authenticate(deps, headers, form).await?;
    let token = form.required("token")?;
    usecases::token::revoke(deps, &client, &token).await.map_err(|source| OAuthError::server_error(&source))
}
