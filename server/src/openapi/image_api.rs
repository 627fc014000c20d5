//! `/v1`.

use super::answer;
use serde_json::{Map, Value, json};

pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    paths.insert("/v1/avatar".to_owned(), avatar());
    paths.insert("/v1/usage".to_owned(), usage());
    paths.insert("/v1/openapi.json".to_owned(), itself());
    paths.insert("/cdn/{photo}/{file}".to_owned(), image());
    paths
}

fn avatar() -> Value {
    let security = json!([{ "keyParameter": [] }, { "keyHeader": [] }]);
    let parameters = json!([
        {
            "name": "linkedin_url", "in": "query", "schema": { "type": "string", "maxLength": 8192 },
            "description": "The address of a LinkedIn profile, in any of its shapes. Exactly one of linkedin_url and username.",
            "examples": { "profile": { "value": "https://www.linkedin.com/in/ada-lovelace" } },
        },
        {
            "name": "username", "in": "query", "schema": { "type": "string", "maxLength": 8192 },
            "description": "What stands after linkedin.com/in/. Exactly one of linkedin_url and username.",
        },
        {
            "name": "size", "in": "query",
            "schema": { "type": "integer", "enum": [32, 64, 128, 256, 512], "default": 128 },
            "description": "The side of the square image in pixels.",
        },
        { "name": "If-None-Match", "in": "header", "schema": { "type": "string" }, "description": "An ETag that was answered before: the same photo is then a 304 that costs nothing. * names no photo." },
    ]);
    let photo_headers = json!({
        "Location": { "schema": { "type": "string", "format": "uri" }, "description": "The image; it never changes." },
        "ETag": { "schema": { "type": "string" } },
        "Cache-Control": { "schema": { "const": "public, max-age=86400" } },
    });
    let refusal = |description: &str| {
        json!({
            "description": format!("{description} The body is initials as SVG, so that no page breaks, unless Accept asks for JSON."),
            "content": {
                "image/svg+xml": { "schema": { "type": "string" } },
                "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
            },
        })
    };
    let responses = json!({
        "200": {
            "description": "Nobody knows a photo: initials, the same for the same person every time.",
            "headers": { "Cache-Control": { "schema": { "const": "no-store" } } },
            "content": { "image/svg+xml": { "schema": { "type": "string" } } },
        },
        "302": { "description": "The photo.", "headers": photo_headers },
        "304": { "description": "The caller holds the photo already. Not metered." },
        "400": refusal("A parameter is missing or not understood."),
        "401": refusal("The key is missing, unknown or revoked, or may not be used from this page."),
        "402": refusal("The month's quota of the workspace is spent."),
        "429": refusal("Too many requests with this key; Retry-After says when to come back."),
        "500": refusal("Our fault; x-request-id names it."),
    });
    json!({
        "get": {
            "operationId": "getAvatar", "tags": ["images"], "summary": "A face, or initials",
            "description": "Metered: each 200 and 302, of GET or of HEAD, is one avatar request, and a person whom the workspace never looked up before is also one new profile.",
            "security": security, "parameters": parameters, "responses": responses,
        },
        "head": {
            "operationId": "headAvatar", "tags": ["images"], "summary": "The headers of a face", "description": "Metered like GET: the redirect is the face.",
            "security": security, "parameters": parameters,
            "responses": {
                "200": { "description": "Initials would be shown." }, "302": { "description": "The photo." },
                "304": { "description": "The caller holds the photo already. Not metered." }, "400": { "description": "A parameter is missing or not understood." },
                "401": { "description": "The key is not valid here." }, "402": { "description": "The month's quota of the workspace is spent." },
                "429": { "description": "Too many requests with this key." },
                "500": { "description": "Our fault; x-request-id names it." },
            },
        },
    })
}

fn usage() -> Value {
    json!({
        "get": {
            "operationId": "getUsage", "tags": ["usage"], "summary": "What the month has used so far",
            "security": [{ "keyHeader": [] }, { "keyParameter": [] }],
            "responses": {
                "200": answer("The workspace of the key, its cycle and its meters.", "application/json", "Usage"),
                "401": answer("The key is missing, unknown or revoked.", "application/problem+json", "Problem"),
                "403": answer("A publishable key may not read the usage.", "application/problem+json", "Problem"),
                "500": answer("Our fault; x-request-id names it.", "application/problem+json", "Problem"),
            },
        },
    })
}

fn itself() -> Value {
    json!({
        "get": {
            "operationId": "getOpenapi", "tags": ["discovery"], "summary": "This document", "security": [],
            "responses": { "200": { "description": "OpenAPI 3.1", "content": { "application/json": { "schema": { "type": "object" } } } } },
        },
    })
}

fn image() -> Value {
    json!({
        "get": {
            "operationId": "getImage", "tags": ["images"], "summary": "A photo",
            "description": "Where /v1/avatar leads, unless cdn_url is set to another place. Its address is made of what it shows, so it may be kept for ever.",
            "security": [],
            "parameters": [
                { "name": "photo", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^[0-9a-f]{64}$" } },
                { "name": "file", "in": "path", "required": true, "schema": { "type": "string", "pattern": "^(32|64|128|256|512)\\.jpg$" } },
            ],
            "responses": {
                "200": { "description": "The image.", "content": { "image/jpeg": {} } },
                "304": { "description": "The caller holds it already." },
                "404": answer("There is no such image.", "application/problem+json", "Problem"),
            },
        },
    })
}
