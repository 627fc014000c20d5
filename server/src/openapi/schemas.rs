//! The shapes of bodies.

use domain::oauth::{client::AuthMethod, scope::Scope};
use serde_json::{Value, json};

pub fn all() -> Value {
    let url = json!({ "type": "string", "format": "uri" });
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let auth_methods: Vec<&str> = AuthMethod::ALL.into_iter().map(AuthMethod::as_str).collect();
    let scopes: Vec<&str> = Scope::ALL.into_iter().map(Scope::as_str).collect();
    json!({
        "Problem": {
            "description": "Problem details (RFC 9457).",
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
                "detail": { "type": "string" }, "request_id": { "type": "string", "description": "Only where the fault is ours." },
            },
        },
        "Usage": {
            "type": "object", "required": ["workspace", "cycle", "meters"],
            "properties": {
                "workspace": { "type": "string", "description": "The slug." },
                "plan": { "type": "string" },
                "cycle": {
                    "type": "object", "required": ["from", "resets_at"],
                    "properties": { "from": { "type": "string", "format": "date-time" }, "resets_at": { "type": "string", "format": "date-time" } },
                },
                "meters": {
                    "type": "object", "required": ["avatar_requests", "avatar_new_profiles"],
                    "properties": { "avatar_requests": { "$ref": "#/components/schemas/Meter" }, "avatar_new_profiles": { "$ref": "#/components/schemas/Meter" } },
                },
            },
        },
        "Meter": {
            "type": "object", "required": ["used", "limit"],
            "properties": { "used": { "type": "integer", "minimum": 0 }, "limit": { "type": "integer", "minimum": 0 } },
        },
        "OAuthError": {
            "type": "object", "required": ["error"],
            "properties": { "error": { "type": "string" }, "error_description": { "type": "string" } },
        },
        "Tokens": {
            "type": "object", "required": ["access_token", "token_type", "expires_in", "scope"],
            "properties": {
                "access_token": { "type": "string", "pattern": "^vat_" }, "token_type": { "const": "Bearer" },
                "expires_in": { "type": "integer", "description": "In seconds." },
                "refresh_token": { "type": "string", "pattern": "^vrt_" }, "scope": { "type": "string" },
            },
        },
        "ClientMetadata": {
            "type": "object", "required": ["redirect_uris"],
            "properties": {
                "redirect_uris": { "type": "array", "items": url, "minItems": 1, "maxItems": domain::oauth::client_metadata::MOST_REDIRECT_URIS },
                "client_name": { "type": "string" },
                "token_endpoint_auth_method": { "enum": auth_methods, "default": "none" },
                "grant_types": texts, "response_types": texts,
            },
        },
        "RegisteredClient": {
            "type": "object", "required": ["client_id", "redirect_uris"],
            "properties": {
                "client_id": { "type": "string" }, "client_secret": { "type": "string", "description": "Told this once." },
                "client_name": { "type": "string" }, "redirect_uris": { "type": "array", "items": url },
                "token_endpoint_auth_method": { "enum": auth_methods }, "grant_types": texts, "response_types": texts,
                "registration_access_token": { "type": "string", "description": "Opens registration_client_uri. Absent where the registration is shared with identical ones." },
                "registration_client_uri": url,
            },
        },
        "ResourceMetadata": {
            "type": "object", "required": ["resource", "authorization_servers"],
            "properties": {
                "resource": url, "authorization_servers": { "type": "array", "items": url }, "scopes_supported": texts,
                "bearer_methods_supported": { "const": ["header"] },
            },
        },
        "ServerMetadata": {
            "type": "object", "required": ["issuer", "authorization_endpoint", "token_endpoint", "code_challenge_methods_supported"],
            "properties": {
                "issuer": url, "authorization_endpoint": url, "token_endpoint": url, "registration_endpoint": url, "revocation_endpoint": url,
                "response_types_supported": { "const": ["code"] }, "code_challenge_methods_supported": { "const": ["S256"] },
                "scopes_supported": { "type": "array", "items": { "enum": scopes } },
            },
        },
    })
}
