//! `POST /token` (RFC 6749, sections 4.1.3 and 6): a code or a refresh token for an access token.

use super::{client_authentication, error::OAuthError, wire, wire::Form};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::oauth::error::ErrorCode;
use http::HeaderMap;
use serde::Serialize;
use usecases::{
    Deps,
    token::{self, RedeemCode, Refresh, TokenAnswer},
};

pub async fn answer(State(deps): State<Deps>, headers: HeaderMap, form: Form) -> Result<Response, OAuthError> {
    let client = client_authentication::authenticate(&deps, &headers, &form).await?;
    let answer = match form.required("grant_type")?.as_str() {
        "authorization_code" => {
            let request = RedeemCode {
                code: form.required("code")?,
                redirect_uri: form.owned("redirect_uri"),
                code_verifier: form.required("code_verifier")?,
                resource: form.owned("resource"),
            };
            token::redeem_code(&deps, &client, request).await?
        }
        "refresh_token" => {
            let request = Refresh {
                refresh_token: form.required("refresh_token")?,
                scope: form.owned("scope"),
                resource: form.owned("resource"),
            };
            token::refresh(&deps, &client, request).await?
        }
        _ => {
            let description = "grant_type must be authorization_code or refresh_token";
            return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, description));
        }
    };
    let mut response = Json(Wire::from(&answer)).into_response();
    wire::forbid_storing(response.headers_mut());
    Ok(response)
}

/// The answer (RFC 6749, section 5.1). The one place where a token leaves the house.
#[derive(Serialize)]
struct Wire<'a> {
    access_token: &'a str,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    scope: String,
    /// OpenID Connect Core 1.0, section 3.1.3.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
}

impl<'a> From<&'a TokenAnswer> for Wire<'a> {
    fn from(answer: &'a TokenAnswer) -> Self {
        Self {
            access_token: answer.access_token.expose(),
            token_type: "Bearer",
            expires_in: answer.expires_in.as_secs(),
            refresh_token: answer.refresh_token.as_ref().map(domain::secret::Secret::expose),
            scope: answer.scopes.to_string(),
            id_token: answer.identity_token.as_deref(),
        }
    }
}
