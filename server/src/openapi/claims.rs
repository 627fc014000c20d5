//! What a token stands for, told to its bearer and to resource servers.

use super::answer;
use serde_json::{Map, Value, json};

pub fn paths() -> Map<String, Value> {
    let mut paths = Map::new();
    paths.insert("/userinfo".to_owned(), user_info());
    paths.insert("/introspect".to_owned(), introspect());
    paths
}

fn user_info() -> Value {
    let operation = |id: &str| {
        json!({
            "operationId": id, "tags": ["oauth"], "summary": "Who the person behind an access token is (OpenID Connect)",
            "security": [{ "accessToken": [] }],
            "responses": {
                "200": answer("The claims of the granted scopes.", "application/json", "UserInfo"),
                "400": answer("invalid_request: the token did not come as one Authorization header of type Bearer.", "application/json", "OAuthError"),
                "401": answer("invalid_token: there is none, or it is unknown, expired or revoked.", "application/json", "OAuthError"),
                "403": answer("insufficient_scope: openid was not granted.", "application/json", "OAuthError"),
            },
        })
    };
    json!({ "get": operation("readUserInfo"), "post": operation("postUserInfo") })
}

fn introspect() -> Value {
    let properties = json!({ "token": { "type": "string" }, "token_type_hint": { "type": "string" } });
    json!({
        "post": {
            "operationId": "introspect", "tags": ["oauth"], "summary": "What an access token stands for (RFC 7662)",
            "description": "Only for resource servers that the operator has entered, which prove themselves.",
            "security": [{ "clientSecret": [] }, {}],
            "requestBody": super::client_form(&json!(["token"]), properties),
            "responses": super::client_responses(json!({
                "200": answer("Whatever is no live access token is only said not to be active.", "application/json", "Introspection"),
                "403": answer("unauthorized_client: this client may not introspect.", "application/json", "OAuthError"),
            })),
        },
    })
}
