//! Faults in MCP's dialect: JSON-RPC errors with the right HTTP status. Nothing leaves this door as bare text, and our own
//! faults are mute.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use usecases::pace::TooFast;

/// JSON-RPC 2.0, section 5.1.
pub const PARSE_ERROR: i32 = -32700;
pub const INVALID_REQUEST: i32 = -32600;
pub const INTERNAL_ERROR: i32 = -32603;

/// A message that is not handed on.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    pub status: StatusCode,
    pub code: i32,
    /// The request's id, where it could be read.
    pub id: Value,
    pub message: &'static str,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        json_rpc(self.status, &self.id, self.code, self.message)
    }
}

pub fn no_endpoint() -> Response {
    let body = json!({"error": "not_found", "error_description": "there is no MCP endpoint at this address"});
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

/// Streams and sessions, which GET and DELETE are for, don't exist here.
pub fn only_post() -> Response {
    let message = "this endpoint has no streams and no sessions: use POST";
    let mut response = json_rpc(StatusCode::METHOD_NOT_ALLOWED, &Value::Null, INVALID_REQUEST, message);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST, OPTIONS"));
    response
}

pub fn forbidden(message: &'static str) -> Response {
    json_rpc(StatusCode::FORBIDDEN, &Value::Null, INVALID_REQUEST, message)
}

/// Any client of HTTP knows what to do with it; the message is for a model that only sees the body.
pub fn too_fast(too_fast: TooFast) -> Response {
    let mut response = json_rpc(StatusCode::TOO_MANY_REQUESTS, &Value::Null, INVALID_REQUEST, &too_fast.to_string());
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(too_fast.seconds()));
    response
}

pub fn ours(id: Option<Value>) -> Response {
    let id = id.unwrap_or_default();
    json_rpc(StatusCode::INTERNAL_SERVER_ERROR, &id, INTERNAL_ERROR, "something failed on this server; try again")
}

/// rmcp words its refusals as text, and its failures with what failed: both are put into our own words.
pub fn in_json(response: Response) -> Response {
    let status = response.status();
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if status.is_success() || is_json {
        return response;
    }
    match status {
        status if status.is_server_error() => {
            tracing::error!(http.status = status.as_u16(), "An MCP request failed in the transport");
            ours(None)
        }
        StatusCode::BAD_REQUEST => json_rpc(
            status,
            &Value::Null,
            INVALID_REQUEST,
            "the MCP-Protocol-Version header names no version that is spoken here",
        ),
        // The type was judged before; what is left is a message that rmcp can't read.
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            json_rpc(StatusCode::BAD_REQUEST, &Value::Null, INVALID_REQUEST, "this message is not understood")
        }
        status => json_rpc(status, &Value::Null, INVALID_REQUEST, "this request is not understood"),
    }
}

fn json_rpc(status: StatusCode, id: &Value, code: i32, message: &str) -> Response {
    (status, Json(json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}))).into_response()
}
