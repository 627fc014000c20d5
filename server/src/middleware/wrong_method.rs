//! The net below the doors for people: a method that an address of theirs does not take is answered with a page, as an
//! address that is not there is.

use super::{RequestId, dialect::Dialect};
use crate::fault;
use axum::{extract::Request, middleware::Next, response::Response};
use http::{StatusCode, header};

pub async fn wrong_method_page(request: Request, next: Next) -> Response {
    let is_for_people = Dialect::of(request.uri().path()) == Dialect::Page;
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    if !is_for_people || response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let detail = "Nothing was changed: this address is not one to open or send to in this way. Go back, or start again from the first page.";
    let mut page = fault::answer(Dialect::Page, StatusCode::METHOD_NOT_ALLOWED, detail, id.as_ref());
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    page
}
