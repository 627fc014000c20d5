//! The OpenAPI 3.1 document of what machines call over plain HTTP: `/v1` and the OAuth endpoints. Written by hand; a test
//! holds it against the router.

mod image_api;
mod oauth;
mod schemas;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing,
};
use domain::settings::PublicUrl;
use http::{HeaderValue, header};
use serde_json::{Value, json};
use usecases::Deps;

pub fn router(deps: Deps) -> Router {
    Router::new().route("/v1/openapi.json", routing::get(show)).with_state(deps)
}

async fn show(State(deps): State<Deps>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    (headers, document(&deps.settings.public_url).to_string()).into_response()
}

pub fn document(public_url: &PublicUrl) -> Value {
    let mut paths = serde_json::Map::new();
    paths.extend(image_api::paths());
    paths.extend(oauth::paths());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Visage",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The real face behind a LinkedIn URL",
            "description": "The image API, and the OAuth 2.1 endpoints that AI clients use before they call the MCP endpoint at /mcp.",
        },
        "servers": [{ "url": public_url.as_str() }],
        "tags": [
            { "name": "images", "description": "Faces for web pages and servers" },
            { "name": "usage", "description": "Where a workspace stands in the month" },
            { "name": "oauth", "description": "Authorization of AI clients (OAuth 2.1)" },
            { "name": "discovery", "description": "Metadata documents, the same for every caller" },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "securitySchemes": {
                "keyParameter": { "type": "apiKey", "in": "query", "name": "key", "description": "pk_… or sk_…" },
                "keyHeader": { "type": "apiKey", "in": "header", "name": "x-api-key", "description": "pk_… or sk_…" },
                "registrationToken": { "type": "http", "scheme": "bearer", "description": "registration_access_token, from the answer to a registration" },
                "clientSecret": { "type": "http", "scheme": "basic", "description": "client_id and client_secret of a confidential client" },
            },
        },
    })
}

/// An answer with a body of one schema.
fn answer(description: &str, content_type: &str, schema: &str) -> Value {
    json!({
        "description": description,
        "content": { content_type: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } },
    })
}
