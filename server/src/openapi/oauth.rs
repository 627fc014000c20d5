//! The OAuth endpoints and metadata documents.

use super::answer;
use serde_json::{Map, Value, json};

pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    for (path, description, schema) in [
        ("/.well-known/oauth-protected-resource", "The metadata of /mcp (RFC 9728).", "ResourceMetadata"),
        ("/.well-known/oauth-protected-resource/mcp", "The metadata of /mcp (RFC 9728).", "ResourceMetadata"),
        (
            "/.well-known/oauth-authorization-server",
            "What this authorization server can do (RFC 8414).",
            "ServerMetadata",
        ),
        (
            "/.well-known/oauth-authorization-server/mcp",
            "The same, for clients that look below the endpoint.",
            "ServerMetadata",
        ),
        ("/.well-known/openid-configuration", "The same, under the name that some clients look for.", "ServerMetadata"),
    ] {
        let operation = json!({
            "get": {
                "tags": ["discovery"], "summary": description, "security": [],
                "responses": { "200": answer(description, "application/json", schema) },
            },
        });
        paths.insert(path.to_owned(), operation);
    }
    paths.insert("/authorize".to_owned(), authorize());
    paths.insert("/token".to_owned(), token());
    paths.insert("/register".to_owned(), register());
    paths.insert("/register/{client_id}".to_owned(), registration());
    paths.insert("/revoke".to_owned(), revoke());
    paths
}

fn authorize() -> Value {
    let parameter = |name: &str, is_required: bool, description: &str| json!({ "name": name, "in": "query", "required": is_required, "schema": { "type": "string" }, "description": description });
    json!({
        "get": {
            "operationId": "authorize", "tags": ["oauth"], "summary": "Ask a person for access",
            "description": "Opened in the person's browser: leads to sign-in and consent, and from there back to redirect_uri with code, state and iss, or with error.",
            "security": [],
            "parameters": [
                { "name": "response_type", "in": "query", "required": true, "schema": { "const": "code" } },
                parameter("client_id", true, "From registration, or entered by the operator."),
                parameter("redirect_uri", false, "One of the registered ones; may be left out when there is only one."),
                parameter("code_challenge", true, "BASE64URL(SHA-256(code_verifier)) (RFC 7636)."),
                { "name": "code_challenge_method", "in": "query", "required": true, "schema": { "const": "S256" } },
                parameter("scope", false, "Any of openid, profile, email, offline_access, separated by spaces."),
                parameter("state", false, "Comes back as it was sent."),
                parameter("resource", false, "The MCP endpoint that the token is for (RFC 8707); default /mcp."),
            ],
            "responses": {
                "303": { "description": "To the consent screen, to sign-in, or back to the client with an error.", "headers": { "Location": { "schema": { "type": "string" } } } },
                "400": { "description": "The client or its redirect URI is not known: a page, never a redirect.", "content": { "text/html": {} } },
            },
        },
    })
}

fn form(required: &Value, properties: &Value) -> Value {
    json!({
        "required": true,
        "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object", "required": required, "properties": properties } } },
    })
}

fn token() -> Value {
    let text = json!({ "type": "string" });
    let body = form(
        &json!(["grant_type"]),
        &json!({
            "grant_type": { "enum": ["authorization_code", "refresh_token"] },
            "code": text, "redirect_uri": text, "code_verifier": text, "refresh_token": text, "scope": text, "resource": text,
            "client_id": text, "client_secret": text,
        }),
    );
    json!({
        "post": {
            "operationId": "token", "tags": ["oauth"], "summary": "Trade a code or a refresh token for an access token",
            "security": [{}, { "clientSecret": [] }], "requestBody": body,
            "responses": {
                "200": answer("Tokens; the refresh token that was sent is spent.", "application/json", "Tokens"),
                "400": answer("invalid_request, invalid_grant, invalid_target, unsupported_grant_type …", "application/json", "OAuthError"),
                "401": answer("invalid_client.", "application/json", "OAuthError"),
            },
        },
    })
}

fn register() -> Value {
    json!({
        "post": {
            "operationId": "register", "tags": ["oauth"], "summary": "Register a client (RFC 7591)", "security": [],
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ClientMetadata" } } } },
            "responses": {
                "201": answer("What was stored, with the client_id.", "application/json", "RegisteredClient"),
                "400": answer("invalid_redirect_uri or invalid_client_metadata.", "application/json", "OAuthError"),
                "413": answer("The metadata is larger than 16 KB.", "application/json", "OAuthError"),
                "415": answer("The metadata is no application/json.", "application/json", "OAuthError"),
                "429": answer("Too many registrations from one address; Retry-After says when to come back.", "application/json", "OAuthError"),
            },
        },
    })
}

fn registration() -> Value {
    let path = json!([{ "name": "client_id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let security = json!([{ "registrationToken": [] }]);
    let refused = answer("The registration access token is not this client's.", "application/json", "OAuthError");
    let told = answer("What is stored.", "application/json", "RegisteredClient");
    json!({
        "parameters": path,
        "get": {
            "operationId": "readRegistration", "tags": ["oauth"], "summary": "Read a registration (RFC 7592)", "security": security,
            "responses": { "200": told, "401": refused },
        },
        "put": {
            "operationId": "updateRegistration", "tags": ["oauth"], "summary": "Replace a registration's metadata (RFC 7592)", "security": security,
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ClientMetadata" } } } },
            "responses": {
                "200": told, "401": refused,
                "400": answer("invalid_redirect_uri or invalid_client_metadata; client_id must be sent along.", "application/json", "OAuthError"),
                "413": answer("The metadata is larger than 16 KB.", "application/json", "OAuthError"),
                "415": answer("The metadata is no application/json.", "application/json", "OAuthError"),
            },
        },
        "delete": {
            "operationId": "deleteRegistration", "tags": ["oauth"], "summary": "End a client with all its connections (RFC 7592)", "security": security,
            "responses": { "204": { "description": "The client is gone." }, "401": refused },
        },
    })
}

fn revoke() -> Value {
    let text = json!({ "type": "string" });
    let body = form(
        &json!(["token"]),
        &json!({ "token": text, "token_type_hint": text, "client_id": text, "client_secret": text }),
    );
    json!({
        "post": {
            "operationId": "revoke", "tags": ["oauth"], "summary": "End a token, effective on the next request (RFC 7009)",
            "security": [{}, { "clientSecret": [] }], "requestBody": body,
            "responses": {
                "200": { "description": "The token is not usable any more, whether or not it ever was." },
                "400": answer("invalid_request.", "application/json", "OAuthError"),
                "401": answer("invalid_client.", "application/json", "OAuthError"),
            },
        },
    })
}
