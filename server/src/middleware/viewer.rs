//! Who sits before the browser: the session cookie becomes a `Viewer` among the request's extensions, once per request.

use super::{RequestId, dialect::Dialect};
use crate::fault;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use cookie::Cookie;
use domain::session::cookie_name;
use http::{HeaderMap, StatusCode, header};
use tracing::error;
use usecases::{Deps, access::session};

/// Machines have no session: only pages, their server functions and `/authorize` ask.
pub async fn resolve_viewer(State(deps): State<Deps>, mut request: Request, next: Next) -> Response {
    let dialect = Dialect::of(request.uri().path());
    if dialect != Dialect::Page {
        return next.run(request).await;
    }
    if let Some(value) = session_cookie(request.headers(), cookie_name(deps.settings.public_url.is_https())) {
        match session::viewer(&deps, &value).await {
            Ok(Some(viewer)) => {
                request.extensions_mut().insert(viewer);
            }
            Ok(None) => {}
            Err(fault) => {
                error!(error = %fault, "The session could not be looked up");
                let id = request.extensions().get::<RequestId>();
                let detail = "This is our fault, and it was logged. Try again in a moment.";
                return fault::answer(dialect, StatusCode::INTERNAL_SERVER_ERROR, detail, id);
            }
        }
    }
    next.run(request).await
}

fn session_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}
