//! Apps that call where a page is: somebody gave them the address without `/mcp`. They are told where the connector is, and
//! the diary of connecting says what happened, on the connection whose token they show where there is one.

use super::{caller::caller, dialect::Dialect};
use crate::bearer::{self, Sent};
use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::oauth::resource::McpResource;
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::json;
use usecases::{
    Deps,
    connection_log::{self, Note},
};

/// Server functions of the pages take forms, and no page speaks JSON.
pub async fn lost_apps(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if Dialect::of(path) != Dialect::Page || !is_of_an_app(request.method(), request.headers()) {
        return next.run(request).await;
    }
    let noted = note(&deps, path, request.headers()).await;
    deps.connections.note(noted.from(&caller(request.extensions(), request.headers())));
    let endpoint = McpResource::Server.uri(&deps.settings.public_url);
    let told = format!("there is no connector at this address: use {endpoint}");
    (StatusCode::NOT_FOUND, Json(json!({"error": "not_found", "error_description": told}))).into_response()
}

/// For the diary: whose call at `path` it was, as far as its token tells.
pub async fn note(deps: &Deps, path: &str, headers: &HeaderMap) -> Note {
    let token = match bearer::token(headers) {
        Sent::Token(token) => Some(token),
        Sent::Nothing | Sent::Unreadable => None,
    };
    connection_log::wrong_path(deps, path, token).await
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
