//! Faults in OAuth's dialect (RFC 6749, section 5.2). The only file that turns what went wrong into `invalid_grant`, a
//! status code or a challenge.

use crate::body::BodyFault;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::oauth::error::ErrorCode;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use std::{borrow::Cow, fmt::Display};
use usecases::{
    client::{AuthenticateError, ManageError, RegisterError},
    token::TokenError,
};

const BASIC: &str = "Basic realm=\"visage\", charset=\"UTF-8\"";

/// A fault told to a client as JSON, never cached.
#[derive(Debug)]
pub struct OAuthError {
    status: StatusCode,
    code: ErrorCode,
    description: Cow<'static, str>,
    /// `WWW-Authenticate`: set when the client tried HTTP Basic (RFC 6749, section 5.2) or a bearer token (RFC 6750).
    challenge: Option<&'static str>,
}

impl OAuthError {
    pub fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        let status = match code {
            ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
            ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { status, code, description: description.into(), challenge: None }
    }

    pub fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// Nobody by that name, or not that secret. Clients register again when they read this.
    pub fn invalid_client(description: &'static str, used_basic: bool) -> Self {
        Self { challenge: used_basic.then_some(BASIC), ..Self::new(ErrorCode::InvalidClient, description) }
    }

    /// What came in place of `body` ("the form"), which may have 16 KB.
    pub fn body(code: ErrorCode, body: &str, fault: BodyFault) -> Self {
        let description = match fault {
            BodyFault::TooLarge => format!("{body} is larger than 16 KB"),
            BodyFault::TooSlow | BodyFault::Broken => format!("{body} {fault}"),
        };
        Self { status: fault.status(), ..Self::new(code, description) }
    }

    pub fn unsupported_media_type(code: ErrorCode, description: &'static str) -> Self {
        Self { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..Self::new(code, description) }
    }

    /// Our own fault: logged here, once, and mute on the wire.
    pub fn server_error(source: &dyn Display) -> Self {
        tracing::error!(error = %source, "An OAuth request failed");
        Self::new(ErrorCode::ServerError, "something failed on this server; try again in a moment")
    }

    pub fn authentication(error: &AuthenticateError, used_basic: bool) -> Self {
        match error {
            AuthenticateError::Refused => {
                Self::invalid_client("the client is unknown or its secret is wrong: register again", used_basic)
            }
            AuthenticateError::Store(source) => Self::server_error(source),
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({"error": self.code.as_str(), "error_description": printable(&self.description)});
        let mut response = (self.status, Json(body)).into_response();
        super::wire::forbid_storing(response.headers_mut());
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl From<TokenError> for OAuthError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::InvalidGrant(reason) => Self::new(ErrorCode::InvalidGrant, reason),
            TokenError::InvalidRequest(reason) => Self::invalid_request(reason),
            TokenError::InvalidTarget(target) => Self::new(ErrorCode::InvalidTarget, target.to_string()),
            TokenError::InvalidScope => {
                Self::new(ErrorCode::InvalidScope, "scope may only name what was granted: authorize again for more")
            }
            TokenError::UnauthorizedClient => {
                Self::new(ErrorCode::UnauthorizedClient, "this client may not use this grant type")
            }
            TokenError::SigningKey(source) => Self::server_error(&source),
            TokenError::Store(source) => Self::server_error(&source),
        }
    }
}

impl From<RegisterError> for OAuthError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Metadata(fault) => Self::new(fault.code(), fault.to_string()),
            RegisterError::Store(source) => Self::server_error(&source),
        }
    }
}

impl From<ManageError> for OAuthError {
    fn from(error: ManageError) -> Self {
        let description = error.to_string();
        match error {
            ManageError::NotAuthenticated => Self {
                challenge: Some("Bearer error=\"invalid_token\""),
                ..Self::new(ErrorCode::InvalidToken, description)
            },
            ManageError::Mismatch(_) => Self::new(ErrorCode::InvalidClientMetadata, description),
            ManageError::Metadata(fault) => Self::new(fault.code(), description),
            ManageError::Store(source) => Self::server_error(&source),
        }
    }
}

/// `error_description` allows printable ASCII without `"` and `\` (RFC 6749, section 5.2); what a client sent may come back
/// in it.
fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '"' => '\'',
            '\\' => '/',
            ' '..='~' => character,
            _ => '?',
        })
        .collect()
}
