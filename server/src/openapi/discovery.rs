//! The documents that clients find everything by: metadata, and the keys of identity tokens.

use super::answer;
use serde_json::{Map, Value, json};

/// Path, what it holds, its schema.
const DOCUMENTS: [(&str, &str, &str); 7] = [
    ("/.well-known/oauth-protected-resource", "The metadata of /mcp (RFC 9728).", "ResourceMetadata"),
    ("/.well-known/oauth-protected-resource/mcp", "The metadata of /mcp (RFC 9728).", "ResourceMetadata"),
    ("/.well-known/oauth-authorization-server", "What this authorization server can do (RFC 8414).", "ServerMetadata"),
    (
        "/.well-known/oauth-authorization-server/mcp",
        "The same, for clients that look below the endpoint.",
        "ServerMetadata",
    ),
    ("/.well-known/openid-configuration", "The same, as OpenID Connect Discovery names it.", "ServerMetadata"),
    ("/.well-known/openid-configuration/mcp", "The same, for clients that look below the endpoint.", "ServerMetadata"),
    ("/jwks", "The keys that identity tokens are verified with (RFC 7517).", "KeySet"),
];

pub fn paths() -> Map<String, Value> {
    let mut paths: Map<String, Value> = DOCUMENTS
        .iter()
        .map(|(path, description, schema)| ((*path).to_owned(), document(description, schema)))
        .collect();
    paths.insert("/.well-known/oauth-protected-resource/mcp/{workspace}".to_owned(), of_workspace());
    paths
}

fn document(description: &str, schema: &str) -> Value {
    json!({
        "get": {
            "tags": ["discovery"], "summary": description, "security": [],
            "responses": { "200": answer(description, "application/json", schema) },
        },
    })
}

fn of_workspace() -> Value {
    let description = "The metadata of the endpoint of one workspace, whether or not there is such a workspace.";
    json!({
        "get": {
            "tags": ["discovery"], "summary": description, "security": [],
            "parameters": [{ "name": "workspace", "in": "path", "required": true, "schema": { "type": "string" }, "description": "The slug." }],
            "responses": {
                "200": answer(description, "application/json", "ResourceMetadata"),
                "404": answer("No workspace can have that slug.", "application/json", "OAuthError"),
            },
        },
    })
}
