//! The bodies of server functions: read here, because what refuses one further in answers with plain text and a 500.

use super::{RequestId, dialect::Dialect};
use crate::{
    body::{self, BodyFault},
    fault,
};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{Method, header};

/// Where the server functions of the pages are.
const SERVER_FUNCTIONS: &str = "/api/";

/// Takes bodies of at most `most` bytes; a page tells of any other.
pub async fn page_body(State(most): State<usize>, request: Request, next: Next) -> Response {
    let has_none = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if has_none || !request.uri().path().starts_with(SERVER_FUNCTIONS) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let told = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    // What says that it is too large is not read first.
    let read =
        if told.is_some_and(|told| told > most) { Err(BodyFault::TooLarge) } else { body::read(body, most).await };
    match read {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refused) => {
            let detail = match refused {
                BodyFault::TooSlow => "What was sent did not come in time. Try again.",
                BodyFault::TooLarge => "What was sent is too large. Shorten it and send it again.",
                BodyFault::Broken => "What was sent broke off. Try again.",
            };
            fault::answer(Dialect::Page, refused.status(), detail, parts.extensions.get::<RequestId>())
        }
    }
}
