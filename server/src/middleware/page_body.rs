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
use http::{Method, StatusCode, header};
use percent_encoding::percent_decode;
use std::collections::HashSet;

/// Where the server functions of the pages are.
const SERVER_FUNCTIONS: &str = "/api/";

/// Takes forms of at most `most` bytes; a page tells of anything else.
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
        Ok(bytes) if is_form(&bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(_) => {
            let detail = "What was sent is no form of these pages. Open the page again and send it from there.";
            fault::answer(Dialect::Page, StatusCode::BAD_REQUEST, detail, parts.extensions.get::<RequestId>())
        }
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

/// Whether the body is a form as the pages send them: UTF-8 without NUL, each field once, and none a list or map of others.
fn is_form(body: &[u8]) -> bool {
    let mut names = HashSet::new();
    body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).all(|pair| {
        let mut halves = pair.splitn(2, |byte| *byte == b'=').map(text);
        let Some(Some(name)) = halves.next() else { return false };
        !matches!(halves.next(), Some(None)) && !name.contains(['[', ']']) && names.insert(name)
    })
}

/// The text of a name or value; none where it is no UTF-8, or has a NUL.
fn text(encoded: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded = percent_decode(&spaced).decode_utf8().ok()?;
    (!decoded.contains('\0')).then(|| decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::is_form;

    #[test]
    fn a_form_is_text_with_each_field_once() {
        for form in ["", "a=1", "a=1&b=2", "a=%C3%A9+%26&b=", "a=é", "a=[1]&b=x=y", "&a=1&&b"] {
            assert!(is_form(form.as_bytes()), "{form}");
        }
        for other in ["a=1&a=2", "a=1&%61=2", "a[b]=1", "a%5B%5D=1", "a=%FF", "%FF=a", "a=%00", "%00=a", "a&a"] {
            assert!(!is_form(other.as_bytes()), "{other}");
        }
        assert!(!is_form(b"a=\xff\xfe"));
    }
}
