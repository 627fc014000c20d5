//! `POST /introspect` (RFC 7662): a resource server asks what a token stands for. Whatever is not a live access token is
//! `{"active":false}` and nothing more.

use super::{client_authentication, error::OAuthError, failures::Failures, wire, wire::Form};
use crate::middleware::CalledBy;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::HeaderMap;
use serde::Serialize;
use serde_json::json;
use usecases::{
    Deps,
    token::{self, Introspection},
};

pub async fn introspect(
    State(deps): State<Deps>,
    CalledBy(caller): CalledBy,
    headers: HeaderMap,
    form: Result<Form, OAuthError>,
) -> Result<Response, OAuthError> {
    let mut failures = Failures::of(&deps, caller.address);
    let form = failures.judge(form)?;
    // A secret is compared at the cost of one read; a signature costs more.
    if form.get("client_assertion").is_some() {
        failures.admit(form.get("token")).await?;
    }
    let mut response = match failures.judge(look_up(&deps, &headers, &form).await)? {
        Some(found) => Json(Wire::new(&found, deps.settings.public_url.as_str())).into_response(),
        None => Json(json!({ "active": false })).into_response(),
    };
    wire::forbid_storing(response.headers_mut());
    Ok(response)
}

async fn look_up(deps: &Deps, headers: &HeaderMap, form: &Form) -> Result<Option<Introspection>, OAuthError> {
    let client = client_authentication::authenticate(deps, headers, form).await?;
    Ok(token::introspect(deps, &client, &form.required("token")?).await?)
}

/// The answer (RFC 7662, section 2.2).
#[derive(Serialize)]
struct Wire<'a> {
    active: bool,
    scope: String,
    client_id: &'a str,
    token_type: &'static str,
    exp: i64,
    iat: i64,
    sub: String,
    aud: &'a str,
    iss: &'a str,
    /// The slug of the workspace that the token acts in.
    workspace: &'a str,
}

impl<'a> Wire<'a> {
    fn new(found: &'a Introspection, issuer: &'a str) -> Self {
        Self {
            active: true,
            scope: found.scopes.to_string(),
            client_id: &found.client.0,
            token_type: "Bearer",
            exp: found.expires_at.as_seconds(),
            iat: found.issued_at.as_seconds(),
            sub: found.subject.to_string(),
            aud: &found.resource,
            iss: issuer,
            workspace: found.workspace.as_str(),
        }
    }
}
