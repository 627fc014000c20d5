//! Headers that every answer carries. A page's content security policy is the page's own affair; one that brings none gets
//! the strictest.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use usecases::Deps;

pub async fn security_headers(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    // What is asked or answered on the way through consent must not travel on in a Referer.
    let is_consent = ["/consent", "/authorize"].iter().any(|prefix| request.uri().path().starts_with(prefix));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if deps.settings.public_url.is_https() {
        default(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if is_page || is_consent {
        default(headers, header::X_FRAME_OPTIONS, "DENY");
        default(headers, header::REFERRER_POLICY, if is_consent { "no-referrer" } else { "same-origin" });
        default(headers, header::CACHE_CONTROL, "no-store");
    }
    if headers.contains_key(header::SET_COOKIE) {
        default(headers, header::CACHE_CONTROL, "no-store");
    }
    if is_page {
        default(
            headers,
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'",
        );
    }
    response
}

/// Sets a header that the handler did not.
fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
