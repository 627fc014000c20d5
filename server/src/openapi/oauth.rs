//! The OAuth endpoints.

use super::{answer, client_form, client_responses};
use serde_json::{Map, Value, json};

pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    paths.insert("/authorize".to_owned(), authorize());
    paths.insert("/token".to_owned(), token());
    paths.insert("/register".to_owned(), register());
    paths.insert("/register/{client_id}".to_owned(), registration());
    paths.insert("/revoke".to_owned(), revoke());
    paths
}

/// Name, whether it is required, schema, description.
fn authorize_parameters() -> [(&'static str, bool, Value, &'static str); 12] {
    let text = || json!({ "type": "string" });
    [
        ("response_type", true, json!({ "const": "code" }), "The one that there is."),
        (
            "client_id",
            true,
            text(),
            "From registration, entered by the operator, or the address of a client ID metadata document.",
        ),
        ("redirect_uri", false, text(), "One of the registered ones; may be left out when there is only one."),
        ("code_challenge", true, text(), "BASE64URL(SHA-256(code_verifier)) (RFC 7636)."),
        ("code_challenge_method", true, json!({ "const": "S256" }), "The one that there is."),
        ("scope", false, text(), "Any of openid, profile, email, offline_access, separated by spaces."),
        ("state", false, text(), "Comes back as it was sent."),
        ("resource", false, text(), "The MCP endpoint that the token is for (RFC 8707); default /mcp."),
        ("nonce", false, text(), "Comes back in the identity token."),
        ("prompt", false, text(), "none, or any of login, consent, select_account, separated by spaces."),
        ("max_age", false, text(), "How many seconds ago the person may have signed in."),
        ("login_hint", false, text(), "The email address that is most likely theirs."),
    ]
}

fn authorize() -> Value {
    let parameters: Vec<Value> = authorize_parameters()
        .into_iter()
        .map(|(name, is_required, schema, description)| {
            json!({ "name": name, "in": "query", "required": is_required, "schema": schema, "description": description })
        })
        .collect();
    let fields: Map<String, Value> =
        authorize_parameters().into_iter().map(|(name, _, schema, _)| (name.to_owned(), schema)).collect();
    let required: Vec<&str> = authorize_parameters()
        .into_iter()
        .filter(|(_, is_required, _, _)| *is_required)
        .map(|(name, ..)| name)
        .collect();
    let page = |description: &str| json!({ "description": description, "content": { "text/html": {} } });
    let responses = json!({
        "303": { "description": "To the consent screen, which asks to sign in first where nobody has, or back to the client with an error.", "headers": { "Location": { "schema": { "type": "string" } } } },
        "400": page("The request can't be read, or the client or its redirect URI is not known: a page, never a redirect."),
        "403": page("The operator has to approve the client first."),
        "429": page("Too many clients that name themselves by a document, from one address; Retry-After says when to come back."),
    });
    let description = "Opened in the person's browser: leads to sign-in and consent, and from there back to redirect_uri with code, state and iss, or with error.";
    json!({
        "get": {
            "operationId": "authorize", "tags": ["oauth"], "summary": "Ask a person for access", "description": description,
            "security": [], "parameters": parameters, "responses": responses,
        },
        "post": {
            "operationId": "authorizeByForm", "tags": ["oauth"], "summary": "The same, by a form", "description": description,
            "security": [], "requestBody": super::form(&json!(required), &Value::Object(fields)), "responses": responses,
        },
    })
}

fn token() -> Value {
    let text = json!({ "type": "string" });
    let properties = json!({
        "grant_type": { "enum": ["authorization_code", "refresh_token"] },
        "code": text, "redirect_uri": text, "code_verifier": text, "refresh_token": text, "scope": text, "resource": text,
    });
    json!({
        "post": {
            "operationId": "token", "tags": ["oauth"], "summary": "Trade a code or a refresh token for an access token",
            "security": [{}, { "clientSecret": [] }],
            "requestBody": client_form(&json!(["grant_type"]), properties),
            "responses": client_responses(json!({
                "200": answer("Tokens; the refresh token that was sent is spent.", "application/json", "Tokens"),
                "400": answer("invalid_request, invalid_grant, invalid_target, invalid_scope, unauthorized_client or unsupported_grant_type.", "application/json", "OAuthError"),
            })),
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
                "408": answer("The metadata did not come in time.", "application/json", "OAuthError"),
                "413": answer("The metadata is larger than 16 KB.", "application/json", "OAuthError"),
                "415": answer("The metadata is no application/json.", "application/json", "OAuthError"),
                "429": answer("Too many registrations from one address; Retry-After says when to come back.", "application/json", "OAuthError"),
                "500": answer("server_error: our fault; x-request-id names it.", "application/json", "OAuthError"),
            },
        },
    })
}

fn registration() -> Value {
    let path = json!([{ "name": "client_id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    let security = json!([{ "registrationToken": [] }]);
    let named =
        json!({ "type": "object", "required": ["client_id"], "properties": { "client_id": { "type": "string" } } });
    let refused = answer("The registration access token is not this client's.", "application/json", "OAuthError");
    let unreadable = answer("The path is not text.", "application/json", "OAuthError");
    let told = answer("What is stored.", "application/json", "RegisteredClient");
    json!({
        "parameters": path,
        "get": {
            "operationId": "readRegistration", "tags": ["oauth"], "summary": "Read a registration (RFC 7592)", "security": security,
            "responses": { "200": told, "400": unreadable, "401": refused },
        },
        "put": {
            "operationId": "updateRegistration", "tags": ["oauth"], "summary": "Replace a registration's metadata (RFC 7592)", "security": security,
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "allOf": [{ "$ref": "#/components/schemas/ClientMetadata" }, named] } } } },
            "responses": {
                "200": told, "401": refused,
                "400": answer("invalid_redirect_uri or invalid_client_metadata; client_id must be sent along.", "application/json", "OAuthError"),
                "408": answer("The metadata did not come in time.", "application/json", "OAuthError"),
                "413": answer("The metadata is larger than 16 KB.", "application/json", "OAuthError"),
                "415": answer("The metadata is no application/json.", "application/json", "OAuthError"),
            },
        },
        "delete": {
            "operationId": "deleteRegistration", "tags": ["oauth"], "summary": "End a client with all its connections (RFC 7592)", "security": security,
            "responses": { "204": { "description": "The client is gone." }, "400": unreadable, "401": refused },
        },
    })
}

fn revoke() -> Value {
    let properties = json!({ "token": { "type": "string" }, "token_type_hint": { "type": "string" } });
    json!({
        "post": {
            "operationId": "revoke", "tags": ["oauth"], "summary": "End a token, effective on the next request (RFC 7009)",
            "security": [{}, { "clientSecret": [] }],
            "requestBody": client_form(&json!(["token"]), properties),
            "responses": client_responses(json!({
                "200": answer("The token is not usable any more, whether or not it ever was.", "application/json", "Nothing"),
            })),
        },
    })
}
