//! The net below the doors for machines: whatever refuses a request before a handler runs (an unknown path, a wrong method,
//! a body that is too long) answers in JSON, never in plain text or with a page.

use super::{RequestId, dialect::Dialect};
use crate::fault;
use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, StatusCode, header};

pub async fn machine_answers(request: Request, next: Next) -> Response {
    let dialect = Dialect::of(request.uri().path());
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let status = response.status();
    if dialect == Dialect::Page || !(status.is_client_error() || status.is_server_error()) || is_fit(response.headers())
    {
        return response;
    }
    let mut told = fault::answer(dialect, status, detail(status), id.as_ref());
    for (name, value) in response.headers() {
        // What says how to go on (Allow, Retry-After, WWW-Authenticate, CORS) stays; what describes the old body goes.
        if !told.headers().contains_key(name)
            && !name.as_str().starts_with("content-")
            && name != header::TRANSFER_ENCODING
        {
            told.headers_mut().append(name, value.clone());
        }
    }
    told
}

fn is_fit(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|content_type| {
        ["application/json", "application/problem+json", "image/", "text/event-stream"]
            .iter()
            .any(|fit| content_type.starts_with(fit))
    })
}

fn detail(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is nothing at this address: check the path.",
        StatusCode::METHOD_NOT_ALLOWED => "This address does not answer that method: see the header Allow.",
        StatusCode::PAYLOAD_TOO_LARGE => "The request's body is too long.",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "The request's body is of a type that is not read here.",
        StatusCode::REQUEST_TIMEOUT => "The request's body did not come in time.",
        status if status.is_server_error() => "This is our fault, and it was logged.",
        _ => "The request could not be understood.",
    }
}
