//! A fault that no door spoke for, in the dialect of its path.

use crate::middleware::{RequestId, dialect::Dialect};
use axum::response::{Html, IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

/// Answers with `status` and one sentence; the request's number goes along where the fault is ours.
pub fn answer(dialect: Dialect, status: StatusCode, detail: &str, request: Option<&RequestId>) -> Response {
    let request = request.filter(|_| status.is_server_error()).map(RequestId::as_str);
    match dialect {
        Dialect::Problem => problem(status, detail, request),
        Dialect::OAuth => json_answer(
            status,
            "application/json",
            &json!({ "error": oauth_code(status), "error_description": with_number(detail, request) }),
        ),
        Dialect::Mcp => json_answer(
            status,
            "application/json",
            &json!({
                "jsonrpc": "2.0",
                "id": null,
                "error": { "code": rpc_code(status), "message": with_number(detail, request) },
            }),
        ),
        Dialect::Page => page(status, detail, request),
    }
}

/// Problem details (RFC 9457).
pub fn problem(status: StatusCode, detail: &str, request: Option<&str>) -> Response {
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    if let (Some(request), Some(fields)) = (request, body.as_object_mut()) {
        fields.insert("request_id".to_owned(), request.into());
    }
    json_answer(status, "application/problem+json", &body)
}

fn json_answer(status: StatusCode, content_type: &'static str, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body.to_string()).into_response()
}

fn page(status: StatusCode, detail: &str, request: Option<&str>) -> Response {
    let number = request.map(|request| format!("Request {request}"));
    let page = app::FaultPage::new(title(status), detail).with_detail(number).to_html();
    let mut response = (status, Html(page)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&app::content_security_policy(None, None)) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

const fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "Not sent",
        StatusCode::INTERNAL_SERVER_ERROR => "Something went wrong",
        _ => "That did not work",
    }
}

fn with_number(detail: &str, request: Option<&str>) -> String {
    request.map_or_else(|| detail.to_owned(), |request| format!("{detail} Its number is {request}."))
}

const fn oauth_code(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not_found",
        StatusCode::INTERNAL_SERVER_ERROR => "server_error",
        StatusCode::SERVICE_UNAVAILABLE => "temporarily_unavailable",
        _ => "invalid_request",
    }
}

/// JSON-RPC 2.0, section 5.1.
const fn rpc_code(status: StatusCode) -> i32 {
    match status {
        StatusCode::NOT_FOUND => -32_601,
        StatusCode::INTERNAL_SERVER_ERROR => -32_603,
        _ => -32_600,
    }
}
