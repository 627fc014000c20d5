//! Every address of the server, in one list. Machines come first: no page ever answers for them.

use crate::{
    api, assets, fault, health, mcp,
    middleware::{
        RequestId, account::account, client_address::find_client_address, cross_site::refuse_cross_site,
        dialect::Dialect, lost_apps::lost_apps, machine_answers::machine_answers, page_body::page_body,
        security_headers::security_headers, viewer::resolve_viewer, wrong_method::wrong_method_page,
    },
    oauth, openapi, pages,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
};
use http::{HeaderValue, Method, StatusCode, header};
use usecases::Deps;

/// The longest body of a form or a JSON document, in bytes. The doors that take more say so themselves.
const LONGEST_BODY: usize = 256 * 1024;

pub fn router(deps: Deps) -> Router {
    let mcp = mcp::router(deps.clone());
    around(mcp, deps)
}

/// The whole server around one MCP door.
pub fn around(mcp: Router, deps: Deps) -> Router {
    Router::new()
        .merge(health::router(deps.clone()))
        .merge(oauth::router(deps.clone()))
        .merge(mcp)
        .merge(api::router(deps.clone()))
        .merge(openapi::router(deps.clone()))
        .merge(assets::router())
        .merge(pages::router(deps.clone()))
        // From here on read upwards: the last layer sees a request first.
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn_with_state(LONGEST_BODY, page_body))
        .layer(from_fn_with_state(deps.clone(), resolve_viewer))
        .layer(from_fn_with_state(deps.clone(), refuse_cross_site))
        .layer(from_fn_with_state(deps.clone(), lost_apps))
        .layer(from_fn(unknown_to_machines))
        .layer(from_fn(machine_answers))
        .layer(from_fn(wrong_method_page))
        .layer(from_fn(refuse_what_has_no_path))
        .layer(from_fn(find_client_address))
        .layer(from_fn_with_state(deps.clone(), account))
        .layer(from_fn_with_state(deps, security_headers))
}

/// A request for a tunnel or for the server as a whole (RFC 9110, sections 9.3.6 and 9.3.7) names no path, and pages need one.
async fn refuse_what_has_no_path(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let id = request.extensions().get::<RequestId>();
    if *request.method() == Method::CONNECT {
        let detail = "There is no way through this server: send GET or POST.";
        let mut refused = fault::answer(Dialect::of(path), StatusCode::METHOD_NOT_ALLOWED, detail, id);
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
        return refused;
    }
    if !path.starts_with('/') {
        let detail = "The request names no path: begin it with a slash.";
        return fault::answer(Dialect::of(path), StatusCode::BAD_REQUEST, detail, id);
    }
    next.run(request).await
}

/// A path that no route has, below what machines call, never reaches the pages.
async fn unknown_to_machines(request: Request, next: Next) -> Response {
    let dialect = Dialect::of(request.uri().path());
    if dialect != Dialect::Page && request.extensions().get::<axum::extract::MatchedPath>().is_none() {
        let id = request.extensions().get::<RequestId>();
        let detail = "There is nothing at this address: check the path.";
        return fault::answer(dialect, StatusCode::NOT_FOUND, detail, id);
    }
    next.run(request).await
}
