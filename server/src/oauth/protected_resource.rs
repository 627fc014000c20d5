//! `/.well-known/oauth-protected-resource` (RFC 9728): which authorization server guards an MCP endpoint. A workspace's
//! document is served whether or not the workspace exists: existence is private.

use super::wire;
use crate::middleware::CalledBy;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    connection::{Mismatch, Step},
    oauth::{
        resource::McpResource,
        scope::{Scope, ScopeSet},
    },
    settings::PublicUrl,
};
use serde_json::{Value, json};
use usecases::{Deps, connection_log::Note};

/// The document of `/mcp`, for clients that look at the root.
pub async fn show(State(deps): State<Deps>, CalledBy(caller): CalledBy) -> Response {
    deps.connections.note(Note::passed(Step::Metadata).from(&caller));
    wire::document(document(&deps.settings.public_url, &McpResource::Server))
}

pub async fn show_at(State(deps): State<Deps>, CalledBy(caller): CalledBy, Path(path): Path<String>) -> Response {
    let path = format!("/{path}");
    let resource = McpResource::from_path(&path);
    let note = match &resource {
        Some(_) => Note::passed(Step::Metadata),
        None => Note::failed(Step::Metadata, Mismatch::wrong_path(&path)),
    };
    deps.connections.note(note.from(&caller));
    match resource {
        Some(resource) => wire::document(document(&deps.settings.public_url, &resource)),
        None => wire::not_found().await,
    }
}

fn document(public_url: &PublicUrl, resource: &McpResource) -> Value {
    let scopes: Vec<_> = ScopeSet::at_resource().iter().map(Scope::as_str).collect();
    json!({
        "resource": resource.uri(public_url),
        "authorization_servers": [public_url.as_str()],
        "scopes_supported": scopes,
        "bearer_methods_supported": ["header"],
        "resource_name": "Visage",
    })
}
