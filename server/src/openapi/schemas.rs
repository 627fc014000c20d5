//! The shapes of bodies.

use domain::oauth::{client::AuthMethod, scope::Scope, signing::SigningAlgorithm};
use serde_json::{Value, json};

pub fn all() -> Value {
    let url = json!({ "type": "string", "format": "uri" });
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let auth_methods: Vec<&str> = AuthMethod::ALL.into_iter().map(AuthMethod::as_str).collect();
    let algorithms = SigningAlgorithm::OF_IDENTITY_TOKENS.map(SigningAlgorithm::as_str);
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
        "Nothing": { "type": "object", "maxProperties": 0 },
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
                "id_token": { "type": "string", "description": "With the scope openid." },
            },
        },
        "ClientMetadata": {
            "type": "object", "required": ["redirect_uris"],
            "properties": {
                "redirect_uris": { "type": "array", "items": url, "minItems": 1, "maxItems": domain::oauth::client_metadata::MOST_REDIRECT_URIS },
                "client_name": { "type": "string" },
                "token_endpoint_auth_method": { "enum": auth_methods, "default": "none" },
                "grant_types": texts, "response_types": texts,
                "jwks": { "type": "object", "description": "For private_key_jwt; or jwks_uri." }, "jwks_uri": url,
            },
        },
        "RegisteredClient": {
            "type": "object", "required": ["client_id", "redirect_uris"],
            "properties": {
                "client_id": { "type": "string" }, "client_secret": { "type": "string", "description": "Told this once." },
                "client_secret_expires_at": { "const": 0 }, "client_id_issued_at": { "type": "integer" },
                "client_name": { "type": "string" }, "redirect_uris": { "type": "array", "items": url },
                "token_endpoint_auth_method": { "enum": auth_methods }, "grant_types": texts, "response_types": texts,
                "jwks": { "type": "object" }, "jwks_uri": url, "id_token_signed_response_alg": { "enum": algorithms }, "scope": { "type": "string" },
                "registration_access_token": { "type": "string", "description": "Opens registration_client_uri. Absent where the registration is shared with identical ones." },
                "registration_client_uri": url,
            },
        },
        "UserInfo": {
            "type": "object", "required": ["sub"],
            "properties": {
                "sub": { "type": "string" }, "name": { "type": "string", "description": "With the scope profile." },
                "email": { "type": "string", "description": "With the scope email." }, "email_verified": { "type": "boolean" },
            },
        },
        "Introspection": {
            "type": "object", "required": ["active"],
            "properties": {
                "active": { "type": "boolean" }, "scope": { "type": "string" }, "client_id": { "type": "string" },
                "token_type": { "const": "Bearer" }, "exp": { "type": "integer" }, "iat": { "type": "integer" },
                "sub": { "type": "string" }, "aud": url, "iss": url, "workspace": { "type": "string", "description": "The slug." },
            },
        },
        "KeySet": {
            "type": "object", "required": ["keys"],
            "properties": {
                "keys": {
                    "type": "array", "minItems": 1,
                    "items": {
                        "type": "object", "required": ["kty", "kid", "use", "alg"],
                        "properties": { "kty": { "enum": ["EC", "RSA"] }, "kid": { "type": "string" }, "use": { "const": "sig" }, "alg": { "enum": algorithms } },
                        "not": { "required": ["d"] },
                    },
                },
            },
        },
        "ResourceMetadata": {
            "type": "object", "required": ["resource", "authorization_servers"],
            "properties": {
                "resource": url, "authorization_servers": { "type": "array", "items": url }, "scopes_supported": texts,
                "bearer_methods_supported": { "const": ["header"] }, "resource_name": { "type": "string" },
            },
        },
        "ServerMetadata": server_metadata(),
    })
}

fn server_metadata() -> Value {
    let url = json!({ "type": "string", "format": "uri" });
    let texts = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
    let scopes: Vec<&str> = Scope::ALL.into_iter().map(Scope::as_str).collect();
    let mut properties = json!({
        "issuer": url,
        "response_types_supported": { "const": ["code"] }, "response_modes_supported": { "const": ["query"] },
        "grant_types_supported": { "const": ["authorization_code", "refresh_token"] },
        "code_challenge_methods_supported": { "const": ["S256"] }, "subject_types_supported": { "const": ["public"] },
        "scopes_supported": { "type": "array", "items": { "enum": scopes } },
    });
    for name in ["authorization", "token", "registration", "revocation", "introspection", "userinfo"] {
        properties[format!("{name}_endpoint")] = url.clone();
    }
    properties["jwks_uri"] = url;
    for name in ["token", "revocation", "introspection"] {
        properties[format!("{name}_endpoint_auth_methods_supported")] = texts.clone();
        properties[format!("{name}_endpoint_auth_signing_alg_values_supported")] = texts.clone();
    }
    for name in ["id_token_signing_alg", "claim_types", "claims", "prompt"] {
        let name = if name.ends_with("alg") || name == "prompt" { format!("{name}_values") } else { name.to_owned() };
        properties[format!("{name}_supported")] = texts.clone();
    }
    for name in [
        "client_id_metadata_document_supported",
        "authorization_response_iss_parameter_supported",
        "claims_parameter_supported",
        "request_parameter_supported",
        "request_uri_parameter_supported",
    ] {
        properties[name] = json!({ "type": "boolean" });
    }
    let required: Vec<&str> = properties.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": false })
}
