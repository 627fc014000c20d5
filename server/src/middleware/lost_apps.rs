//! Apps that call where a page is: somebody gave them the address without `/mcp`. They are told where the connector is, and
//! the diary of connecting says what happened.

use super::{caller::caller, dialect::Dialect};
use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::{
    connection::{Mismatch, Step},
    oauth::resource::McpResource,
};
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::json;
use usecases::{Deps, connection_log::Note};

/// Server functions of the pages take forms, and no page speaks JSON.
pub async fn lost_apps(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if Dialect::of(path) != Dialect::Page || !is_of_an_app(request.method(), request.headers()) {
        return next.run(request).await;
    }
    let note = Note::failed(Step::Challenge, Mismatch::wrong_path(path));
    deps.connections.note(note.from(&caller(request.extensions(), request.headers())));
    let endpoint = McpResource::Server.uri(&deps.settings.public_url);
    let told = format!("there is no connector at this address: use {endpoint}");
    (StatusCode::NOT_FOUND, Json(json!({"error": "not_found", "error_description": told}))).into_response()
}

/// A message in JSON, or a stream of events asked for, as the transport before 2025-03-26 did.
fn is_of_an_app(method: &Method, headers: &HeaderMap) -> bool {
    let names = |header, media_type: &str| {
        headers.get(header).and_then(|value| value.to_str().ok()).is_some_and(|value| value.starts_with(media_type))
    };
    match *method {
        Method::POST => names(header::CONTENT_TYPE, "application/json"),
        Method::GET => names(header::ACCEPT, "text/event-stream"),
        _ => false,
    }
}
