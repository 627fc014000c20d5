//! Faults in OAuth's dialect (RFC 6749, section 5.2). The only file that turns what went wrong into `invalid_grant`, a
//! status code or a challenge.

use crate::body::BodyFault;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::{
    connection::{Mismatch, Step},
    id::GrantId,
    oauth::{error::ErrorCode, resource::InvalidTarget},
};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use std::{borrow::Cow, fmt::Display};
use usecases::{
    client::{AuthenticateError, ManageError, RegisterError},
    connection_log::Note,
    pace::TooFast,
    token::{IntrospectError, TokenError, UserInfoError},
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
    /// Set when the caller is to wait.
    too_fast: Option<TooFast>,
    /// Whether the caller could have done nothing about it.
    is_ours: bool,
    /// What the diary of connecting is told, where that is more than the client is.
    diary: Option<Box<(Mismatch, Option<GrantId>)>>,
}

impl OAuthError {
    pub fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        let status = match code {
            ErrorCode::InvalidClient | ErrorCode::InvalidToken => StatusCode::UNAUTHORIZED,
            ErrorCode::InsufficientScope => StatusCode::FORBIDDEN,
            ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self {
            status,
            code,
            description: description.into(),
            challenge: None,
            too_fast: None,
            is_ours: false,
            diary: None,
        }
    }

    pub fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// Nobody by that name, or not that secret. Clients register again when they read this.
    pub fn invalid_client(description: impl Into<Cow<'static, str>>, used_basic: bool) -> Self {
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

    /// `429 Too Many Requests` (RFC 6585, section 4). OAuth has no code of its own for it.
    pub fn too_fast(too_fast: TooFast) -> Self {
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            too_fast: Some(too_fast),
            ..Self::new(ErrorCode::TemporarilyUnavailable, too_fast.to_string())
        }
    }

    /// Our own fault: logged here, once, and mute on the wire.
    pub fn server_error(source: &dyn Display) -> Self {
        tracing::error!(error = %source, "An OAuth request failed");
        let told = "something failed on this server; try again in a moment";
        Self { is_ours: true, ..Self::new(ErrorCode::ServerError, told) }
    }

    pub fn authentication(error: &AuthenticateError, used_basic: bool) -> Self {
        match error {
            AuthenticateError::Refused => Self::invalid_client(error.to_string(), used_basic),
            AuthenticateError::Assertion(_) => Self::new(ErrorCode::InvalidClient, error.to_string()),
            AuthenticateError::KeysUnreachable | AuthenticateError::KeysBusy => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                is_ours: matches!(error, AuthenticateError::KeysBusy),
                ..Self::new(ErrorCode::TemporarilyUnavailable, error.to_string())
            },
            AuthenticateError::Store(source) => Self::server_error(source),
        }
    }

    /// Told where to go, not that it erred (RFC 6750, section 3.1).
    pub fn no_token() -> Self {
        Self {
            challenge: Some("Bearer realm=\"visage\", scope=\"openid\""),
            ..Self::new(ErrorCode::InvalidToken, "an access token is missing: send it in the Authorization header")
        }
    }

    /// The same where a client looks after its registration.
    pub fn no_registration_token() -> Self {
        let description = "the registration access token is missing: send it in the Authorization header";
        Self { challenge: Some("Bearer realm=\"visage\""), ..Self::new(ErrorCode::InvalidToken, description) }
    }

    /// A token that did not come as one does (RFC 6750, section 3.1).
    pub fn bearer_request(description: &'static str) -> Self {
        Self { challenge: Some("Bearer error=\"invalid_request\""), ..Self::invalid_request(description) }
    }
}

impl OAuthError {
    pub const fn is_ours(&self) -> bool {
        self.is_ours
    }

    /// For the diary of connecting: the step that failed, and why.
    pub fn note(&self, step: Step) -> Note {
        let (mismatch, grant) = self.diary.as_deref().cloned().unwrap_or_else(|| (self.mismatch(step), None));
        Note::failed(step, mismatch).grant(grant)
    }

    /// Whether the client did not prove who it is.
    pub fn is_of_the_client(&self) -> bool {
        self.code == ErrorCode::InvalidClient
    }

    fn mismatch(&self, step: Step) -> Mismatch {
        match (self.code, step) {
            (ErrorCode::ServerError, _) => Mismatch::ServerFault,
            (ErrorCode::TemporarilyUnavailable, _) if self.too_fast.is_none() => Mismatch::document(&self.description),
            (ErrorCode::TemporarilyUnavailable, _) => Mismatch::TooManyRequests,
            (ErrorCode::InvalidClient, _) => Mismatch::UnprovenCaller,
            (ErrorCode::InvalidScope, _) => Mismatch::Scope,
            (_, Step::Registration) => Mismatch::registration(&self.description),
            _ => Mismatch::request(&self.description),
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({"error": self.code.as_str(), "error_description": printable(&self.description)});
        let mut response = (self.status, Json(body)).into_response();
        super::wire::forbid_storing(response.headers_mut());
        if let Some(too_fast) = self.too_fast {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(too_fast.seconds()));
        }
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

impl From<InvalidTarget> for OAuthError {
    fn from(target: InvalidTarget) -> Self {
        let mismatch = Mismatch::wrong_resource(&target.sent, &target.expected);
        let told = Self::new(ErrorCode::InvalidTarget, target.to_string());
        Self { diary: Some(Box::new((mismatch, None))), ..told }
    }
}

impl From<TokenError> for OAuthError {
    fn from(error: TokenError) -> Self {
        let description = error.to_string();
        match error {
            TokenError::InvalidGrant(fault) => {
                let told = Self::new(ErrorCode::InvalidGrant, description);
                Self { diary: Some(Box::new((fault.mismatch, fault.grant))), ..told }
            }
            TokenError::InvalidRequest(reason) => Self::invalid_request(reason),
            TokenError::InvalidTarget(target, grant) => {
                let mismatch = Mismatch::wrong_resource(&target.sent, &target.expected);
                let told = Self::new(ErrorCode::InvalidTarget, description);
                Self { diary: Some(Box::new((mismatch, Some(grant)))), ..told }
            }
            TokenError::InvalidScope => Self::new(ErrorCode::InvalidScope, description),
            TokenError::UnauthorizedClient => Self::new(ErrorCode::UnauthorizedClient, description),
            TokenError::SigningKey(source) => Self::server_error(&source),
            TokenError::Store(source) => Self::server_error(&source),
        }
    }
}

impl From<UserInfoError> for OAuthError {
    fn from(error: UserInfoError) -> Self {
        let (code, challenge) = match &error {
            UserInfoError::NotAuthenticated => (ErrorCode::InvalidToken, "Bearer error=\"invalid_token\""),
            UserInfoError::InsufficientScope => {
                (ErrorCode::InsufficientScope, "Bearer error=\"insufficient_scope\", scope=\"openid\"")
            }
            UserInfoError::Store(source) => return Self::server_error(source),
        };
        Self { challenge: Some(challenge), ..Self::new(code, error.to_string()) }
    }
}

impl From<IntrospectError> for OAuthError {
    fn from(error: IntrospectError) -> Self {
        match &error {
            IntrospectError::NotAllowed => {
                Self { status: StatusCode::FORBIDDEN, ..Self::new(ErrorCode::UnauthorizedClient, error.to_string()) }
            }
            IntrospectError::Store(source) => Self::server_error(source),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_we_have_no_time_to_read_are_no_failure_of_the_caller() {
        for (error, is_ours) in [(AuthenticateError::KeysBusy, true), (AuthenticateError::KeysUnreachable, false)] {
            let told = OAuthError::authentication(&error, false);
            assert_eq!((told.status, told.is_ours()), (StatusCode::SERVICE_UNAVAILABLE, is_ours), "{error}");
        }
    }
}
