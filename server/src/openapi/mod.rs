//! The OpenAPI 3.1 document of what machines call over plain HTTP: `/v1` and the OAuth endpoints. Written by hand; a test
//! holds it against the router.

mod claims;
mod discovery;
mod image_api;
mod oauth;
mod schemas;

use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing,
};
use domain::{oauth::client_assertion::ASSERTION_TYPE, settings::PublicUrl};
use http::{HeaderValue, header};
use serde_json::{Map, Value, json};
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
    let mut paths = Map::new();
    paths.extend(image_api::paths());
    paths.extend(oauth::paths());
    paths.extend(claims::paths());
    paths.extend(discovery::paths());
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(|path| path.values_mut()) {
        refused_before_reading(operation);
    }
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
                "accessToken": { "type": "http", "scheme": "bearer", "description": "access_token, from /token" },
                "clientSecret": { "type": "http", "scheme": "basic", "description": "client_id and client_secret of a confidential client" },
            },
        },
    })
}

/// Whatever is asked, and of whom: a head that is too long is answered before anything is looked at.
fn refused_before_reading(operation: &mut Value) {
    if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
        responses.insert("414".to_owned(), json!({ "description": "The address is too long. No body." }));
        responses.insert("431".to_owned(), json!({ "description": "The headers are too long. No body." }));
    }
}

/// An answer with a body of one schema.
fn answer(description: &str, content_type: &str, schema: &str) -> Value {
    json!({
        "description": description,
        "content": { content_type: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } },
    })
}

/// A form's fields, sent as forms are.
fn form(required: &Value, properties: &Value) -> Value {
    json!({
        "required": true,
        "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object", "required": required, "properties": properties } } },
    })
}

/// The form of an endpoint at which clients prove themselves: not at all, by HTTP Basic, or by one of these fields.
fn client_form(required: &Value, mut properties: Value) -> Value {
    for name in ["client_id", "client_secret", "client_assertion"] {
        properties[name] = json!({ "type": "string" });
    }
    properties["client_assertion_type"] = json!({ "const": ASSERTION_TYPE });
    form(required, &properties)
}

/// The answers of such an endpoint: its own, and those that all of them have.
fn client_responses(mut own: Value) -> Value {
    for (status, description) in [
        ("400", "invalid_request."),
        ("401", "invalid_client: unknown, or not proven."),
        ("408", "invalid_request: the form did not come in time."),
        ("413", "invalid_request: the form is larger than 16 KB."),
        ("500", "server_error: our fault; x-request-id names it."),
        ("503", "temporarily_unavailable: the client's own keys can't be fetched at the moment."),
    ] {
        if own.get(status).is_none() {
            own[status] = answer(description, "application/json", "OAuthError");
        }
    }
    own
}
