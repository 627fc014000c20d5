//! `/.well-known/oauth-authorization-server` (RFC 8414) and its aliases: what this authorization server can do. Every value
//! comes from the configured public URL, none from the request.

use super::wire;
use crate::middleware::CalledBy;
use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{
    connection::{Mismatch, Step},
    oauth::{
        client::AuthMethod,
        identity_token::CLAIMS,
        prompt::Prompt,
        resource::McpResource,
        scope::{Scope, ScopeSet},
        signing::SigningAlgorithm,
    },
    settings::PublicUrl,
};
use serde_json::{Value, json};
use usecases::{Deps, connection_log::Note};

pub async fn show(State(deps): State<Deps>, CalledBy(caller): CalledBy) -> Response {
    deps.connections.note(Note::passed(Step::Metadata).from(&caller));
    wire::document(document(&deps.settings.public_url))
}

/// Clients that take the MCP endpoint for the issuer look below its path (RFC 8414, section 3.1).
pub async fn show_at(State(deps): State<Deps>, CalledBy(caller): CalledBy, Path(path): Path<String>) -> Response {
    let path = format!("/{path}");
    if McpResource::from_path(&path).is_none() {
        deps.connections.note(Note::failed(Step::Metadata, Mismatch::wrong_path(&path)).from(&caller));
        return wire::not_found().await;
    }
    deps.connections.note(Note::passed(Step::Metadata).from(&caller));
    wire::document(document(&deps.settings.public_url))
}

fn document(public_url: &PublicUrl) -> Value {
    let auth_methods: Vec<_> = AuthMethod::ALL.into_iter().map(AuthMethod::as_str).collect();
    // Resource servers are entered by the operator, and each is given a secret.
    let with_secret: Vec<_> =
        AuthMethod::ALL.into_iter().filter(|method| method.has_secret()).map(AuthMethod::as_str).collect();
    let of_assertions = SigningAlgorithm::OF_CLIENT_ASSERTIONS.map(SigningAlgorithm::as_str);
    let prompts = Prompt::ALL.map(Prompt::as_str);
    let algorithms = SigningAlgorithm::OF_IDENTITY_TOKENS.map(SigningAlgorithm::as_str);
    let scopes: Vec<_> = ScopeSet::all().iter().map(Scope::as_str).collect();
    json!({
        "issuer": public_url.as_str(),
        "authorization_endpoint": public_url.join("/authorize"),
        "token_endpoint": public_url.join("/token"),
        "registration_endpoint": public_url.join("/register"),
        "revocation_endpoint": public_url.join("/revoke"),
        "introspection_endpoint": public_url.join("/introspect"),
        "userinfo_endpoint": public_url.join("/userinfo"),
        "jwks_uri": public_url.join("/jwks"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": auth_methods,
        "revocation_endpoint_auth_methods_supported": auth_methods,
        "introspection_endpoint_auth_methods_supported": with_secret,
        "token_endpoint_auth_signing_alg_values_supported": of_assertions,
        "revocation_endpoint_auth_signing_alg_values_supported": of_assertions,
        // No resource server signs assertions; libraries that know one method for all endpoints look for it all the same.
        "introspection_endpoint_auth_signing_alg_values_supported": of_assertions,
        "scopes_supported": scopes,
        "client_id_metadata_document_supported": true,
        "authorization_response_iss_parameter_supported": true,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "claim_types_supported": ["normal"],
        "claims_supported": CLAIMS,
        "prompt_values_supported": prompts,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}
