//! The resource server's door (MCP, streamable HTTP, stateless, every revision from 2025-03-26 to 2026-07-28): `/mcp` and
//! `/mcp/{workspace}`. One request goes down [`serve`] from top to bottom: address, credentials, method, message, rmcp.

mod auth;
mod connector;
mod edge;
mod error;
mod message;
mod tools;

use crate::middleware::{caller::caller, lost_apps};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    middleware,
    response::{IntoResponse, Response},
    routing::any,
};
use bytes::Bytes;
use connector::Connector;
use domain::oauth::resource::McpResource;
use http::Method;
use http_body_util::Full;
use rmcp::{
    ServerHandler,
    transport::streamable_http_server::{
        SessionManager, StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
    },
};
use std::sync::Arc;
use usecases::Deps;

/// Every MCP path, answered by the connector.
pub fn router(deps: Deps) -> Router {
    let connector = Connector::new(deps.clone());
    let sessions = Arc::new(NeverSessionManager::default());
    door(deps, StreamableHttpService::new(move || Ok(connector.clone()), sessions, transport()))
}

/// Every MCP path, with the same checks before whatever `service` answers: the conformance suite meets a handler of its own
/// there. Paths below `/mcp` that name no endpoint are JSON 404s.
pub fn door<H, M>(deps: Deps, service: StreamableHttpService<H, M>) -> Router
where
    H: ServerHandler + Send + 'static,
    M: SessionManager,
{
    let allowed = Arc::new(edge::Allowed::by(&deps.settings));
    let edge = edge::Edge { allowed: Arc::clone(&allowed), connections: deps.connections.clone() };
    let door = Door { deps, service };
    Router::new()
        .route("/mcp", any(serve::<H, M>))
        .route("/mcp/", any(serve::<H, M>))
        .route("/mcp/{*path}", any(serve::<H, M>))
        .with_state(door)
        .layer(edge::cors(&allowed))
        .layer(middleware::from_fn_with_state(edge, edge::check))
}

/// Sessions off, plain JSON answers: whatever was revoked is over on the next request. Host, Origin and body are judged
/// before rmcp sees them, so that one list decides and every refusal is JSON.
pub fn transport() -> StreamableHttpServerConfig {
    StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        .with_max_request_body_bytes(message::LARGEST)
        .disable_allowed_hosts()
        .disable_allowed_origins()
}

struct Door<H, M> {
    deps: Deps,
    service: StreamableHttpService<H, M>,
}

// Derived, it would ask the same of the handler, which rmcp makes anew for each request.
impl<H, M> Clone for Door<H, M> {
    fn clone(&self) -> Self {
        Self { deps: self.deps.clone(), service: self.service.clone() }
    }
}

async fn serve<H, M>(State(door): State<Door<H, M>>, mut request: Request) -> Response
where
    H: ServerHandler + Send + 'static,
    M: SessionManager,
{
    let Some(resource) = McpResource::from_path(request.uri().path()) else {
        let note = lost_apps::note(&door.deps, request.uri().path(), request.headers()).await;
        door.deps.connections.note(note.from(&caller(request.extensions(), request.headers())));
        return error::no_endpoint();
    };
    let principal = match auth::authenticate(&door.deps, &resource, request.uri(), request.headers()).await {
        Ok(principal) => principal,
        Err(refusal) => {
            let caller = caller(request.extensions(), request.headers());
            door.deps.connections.note(refusal.note.clone().from(&caller));
            return refusal.into_response();
        }
    };
    door.deps.connections.called(&caller(request.extensions(), request.headers()));
    if let Err(too_fast) = door.deps.pace.tool_call(principal.grant) {
        return error::too_fast(too_fast);
    }
    request.extensions_mut().insert(principal);
    let request = match *request.method() {
        Method::POST => match message::normalise(request).await {
            Ok(request) => request,
            Err(fault) => return fault.into_response(),
        },
        _ if door.service.config.legacy_session_mode => request.map(|_| Bytes::new()),
        _ => return error::only_post(),
    };
    let answer = door.service.handle(request.map(Full::new)).await;
    error::in_json(answer.map(Body::new))
}
