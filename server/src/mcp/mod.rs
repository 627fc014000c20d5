//! The resource server's door (MCP, streamable HTTP, stateless, every revision from 2025-03-26 to 2026-07-28): `/mcp` and
//! `/mcp/{workspace}`. One request goes down [`serve`] from top to bottom: address, credentials, method, message, rmcp.

mod auth;
mod connector;
mod edge;
mod error;
mod message;
mod tools;

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware,
    response::{IntoResponse, Response},
    routing::any,
};
use connector::Connector;
use domain::oauth::resource::McpResource;
use http::Method;
use http_body_util::Full;
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
};
use std::sync::Arc;
use usecases::Deps;

/// Every MCP path. Paths below `/mcp` that name no endpoint are JSON 404s.
pub fn router(deps: Deps) -> Router {
    let allowed = Arc::new(edge::Allowed::by(&deps.settings));
    let door = Door { service: service(Connector::new(deps.clone())), deps };
    Router::new()
        .route("/mcp", any(serve))
        .route("/mcp/", any(serve))
        .route("/mcp/{*path}", any(serve))
        .with_state(door)
        .layer(edge::cors(&allowed))
        .layer(middleware::from_fn_with_state(allowed, edge::check))
}

#[derive(Clone)]
struct Door {
    deps: Deps,
    service: StreamableHttpService<Connector, NeverSessionManager>,
}

/// Sessions off, plain JSON answers: whatever was revoked is over on the next request. Host, Origin and body are judged
/// before rmcp sees them, so that one list decides and every refusal is JSON.
fn service(connector: Connector) -> StreamableHttpService<Connector, NeverSessionManager> {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(message::LARGEST)
        .disable_allowed_hosts()
        .disable_allowed_origins();
    StreamableHttpService::new(move || Ok(connector.clone()), Arc::new(NeverSessionManager::default()), config)
}

async fn serve(State(door): State<Door>, mut request: Request) -> Response {
    let Some(resource) = McpResource::from_path(request.uri().path()) else {
        return error::no_endpoint();
    };
    let principal = match auth::authenticate(&door.deps, &resource, request.uri(), request.headers()).await {
        Ok(principal) => principal,
        Err(refusal) => return refusal.into_response(),
    };
    if request.method() != Method::POST {
        return error::only_post();
    }
    request.extensions_mut().insert(principal);
    let request = match message::normalise(request).await {
        Ok(request) => request,
        Err(fault) => return fault.into_response(),
    };
    let answer = door.service.handle(request.map(Full::new)).await;
    error::in_json(answer.map(Body::new))
}
