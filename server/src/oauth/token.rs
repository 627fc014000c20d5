//! `POST /token` (RFC 6749, sections 4.1.3 and 6): a code or a refresh token for an access token.

use super::{client_authentication, error::OAuthError, failures::Failures, wire, wire::Form};
use crate::middleware::CalledBy;
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    connection::Step,
    oauth::{error::ErrorCode, resource::McpResource},
};
use http::HeaderMap;
use serde::Serialize;
use usecases::{
    Deps,
    connection_log::{self, Note},
    token::{self, RedeemCode, Refresh, TokenAnswer},
};

pub async fn answer(
    State(deps): State<Deps>,
    CalledBy(caller): CalledBy,
    headers: HeaderMap,
    form: Result<Form, OAuthError>,
) -> Result<Response, OAuthError> {
    let (mut claimed, mut secret) = (String::new(), None);
    let mut failures = Failures::of(&deps, caller.address);
    let exchanged = match form {
        Ok(form) => {
            claimed = client_authentication::claimed(&headers, &form);
            secret = form.owned("code").or_else(|| form.owned("refresh_token"));
            match failures.admit(secret.as_deref()).await {
                Ok(()) => failures.judge(exchange(&deps, &headers, &form).await),
                Err(too_fast) => Err(too_fast),
            }
        }
        Err(unreadable) => failures.judge(Err(unreadable)),
    };
    let note = match &exchanged {
        Ok(Exchanged::Code(answer)) => Note::passed(Step::Token).grant(answer.grant),
        // Refreshing is daily life; only its faults are told.
        Ok(Exchanged::Refresh(answer)) => return Ok(respond(answer)),
        Err(error) if error.is_of_the_client() => {
            connection_log::refused_client(&deps, &claimed, secret.as_deref()).await
        }
        Err(error) => error.note(Step::Token),
    };
    deps.connections.note(note.client(&claimed).from(&caller));
    exchanged.map(|exchanged| respond(exchanged.answer()))
}

enum Exchanged {
    Code(TokenAnswer),
    Refresh(TokenAnswer),
}

impl Exchanged {
    const fn answer(&self) -> &TokenAnswer {
        match self {
            Self::Code(answer) | Self::Refresh(answer) => answer,
        }
    }
}

async fn exchange(deps: &Deps, headers: &HeaderMap, form: &Form) -> Result<Exchanged, OAuthError> {
    let client = client_authentication::authenticate(deps, headers, form).await?;
    let resource = McpResource::agreed(&deps.settings.public_url, form.all("resource"))?.map(str::to_owned);
    match form.required("grant_type")?.as_str() {
        "authorization_code" => {
            let request = RedeemCode {
                code: form.required("code")?,
                redirect_uri: form.owned("redirect_uri"),
                code_verifier: form.required("code_verifier")?,
                resource,
            };
            Ok(Exchanged::Code(token::redeem_code(deps, &client, request).await?))
        }
        "refresh_token" => {
            let request =
                Refresh { refresh_token: form.required("refresh_token")?, scope: form.owned("scope"), resource };
            Ok(Exchanged::Refresh(token::refresh(deps, &client, request).await?))
        }
        _ => {
            let description = "grant_type must be authorization_code or refresh_token";
            Err(OAuthError::new(ErrorCode::UnsupportedGrantType, description))
        }
    }
}

fn respond(answer: &TokenAnswer) -> Response {
    let mut response = Json(Wire::from(answer)).into_response();
    wire::forbid_storing(response.headers_mut());
    response
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
            scope: answer.told.to_string(),
            id_token: answer.identity_token.as_deref(),
        }
    }
}
