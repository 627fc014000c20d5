//! Every request gets a number, a line in the log, and an answer even when a handler panics.

use super::dialect::Dialect;
use crate::fault;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use domain::entropy::Entropy;
use futures::FutureExt as _;
use http::{HeaderName, HeaderValue, StatusCode};
use std::{fmt, fmt::Write as _, panic::AssertUnwindSafe, sync::Arc, time::Instant};
use tracing::{Instrument as _, error, info, info_span};
use usecases::Deps;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's number: in its log lines, in `x-request-id` of its answer, and in the body of a 500. Handlers find it among
/// the request's extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 8];
        entropy.fill(&mut bytes);
        let mut text = String::with_capacity(16);
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(text.into())
    }

    /// The number that a proxy before us gave, if it is one.
    fn given(request: &Request) -> Option<Self> {
        let text = request.headers().get(X_REQUEST_ID)?.to_str().ok()?;
        let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        ((8..=64).contains(&text.len()) && is_plain).then(|| Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The outermost layer but for the headers. Neither path nor query is logged, only the route: paths hold names and queries
/// hold keys.
pub async fn account(State(deps): State<Deps>, mut request: Request, next: Next) -> Response {
    let id = RequestId::given(&request).unwrap_or_else(|| RequestId::generate(&*deps.entropy));
    request.extensions_mut().insert(id.clone());
    // Pages see headers only.
    let number = HeaderValue::from_str(id.as_str()).ok();
    if let Some(number) = &number {
        request.headers_mut().insert(X_REQUEST_ID, number.clone());
    }
    let dialect = Dialect::of(request.uri().path());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let span = info_span!("request", request.id = %id);
    let began = Instant::now();
    let answered = AssertUnwindSafe(next.run(request).instrument(span.clone())).catch_unwind().await;
    let _entered = span.enter();
    let mut response = answered.unwrap_or_else(|panic| {
        error!("A handler panicked: {}", message(&*panic));
        fault::answer(dialect, StatusCode::INTERNAL_SERVER_ERROR, "This is our fault, and it was logged.", Some(&id))
    });
    if let Some(number) = number {
        response.headers_mut().insert(X_REQUEST_ID, number);
    }
    let status = response.status().as_u16();
    let microseconds = began.elapsed().as_micros();
    info!(
        http.method = %method,
        http.route = route,
        http.status = status,
        http.microseconds = microseconds,
        "{method} {route} answered {status}"
    );
    response
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
