//! The authorization server's door (OAuth 2.1): takes the wire off, calls one use case, answers in OAuth's words. No rule
//! lives here, and no row is touched.

mod authorize;
mod authorize_page;
mod client_authentication;
mod decision;
mod error;
mod failures;
mod introspect;
mod jwks;
mod metadata;
mod protected_resource;
mod register;
mod revoke;
mod token;
mod userinfo;
mod wire;

use axum::{
    Router,
    routing::{any, get, post},
};
use usecases::Deps;

/// Every OAuth path: the metadata documents and endpoints that machines call from anywhere (with CORS), and the two that
/// a browser walks through (without).
pub fn router(deps: Deps) -> Router {
    let machines = Router::new()
        .route("/.well-known", any(wire::not_found))
        .route("/.well-known/", any(wire::not_found))
        .route("/.well-known/{*path}", any(wire::not_found))
        .route("/.well-known/oauth-authorization-server", get(metadata::show).fallback(wire::wrong_method))
        .route("/.well-known/oauth-authorization-server/{*path}", get(metadata::show_at).fallback(wire::wrong_method))
        .route("/.well-known/openid-configuration", get(metadata::show).fallback(wire::wrong_method))
        .route("/.well-known/openid-configuration/{*path}", get(metadata::show_at).fallback(wire::wrong_method))
        .route("/.well-known/oauth-protected-resource", get(protected_resource::show).fallback(wire::wrong_method))
        .route(
            "/.well-known/oauth-protected-resource/{*path}",
            get(protected_resource::show_at).fallback(wire::wrong_method),
        )
        .route("/userinfo", get(userinfo::show).post(userinfo::show).fallback(wire::wrong_method))
        .route("/introspect", post(introspect::introspect).fallback(wire::wrong_method))
        .route("/jwks", get(jwks::show).fallback(wire::wrong_method))
        .route("/token", post(token::answer).fallback(wire::wrong_method))
        .route("/register", post(register::register).fallback(wire::wrong_method))
        .route(
            "/register/{client_id}",
            get(register::show).put(register::update).delete(register::delete).fallback(wire::wrong_method),
        )
        .route("/revoke", post(revoke::revoke).fallback(wire::wrong_method))
        .layer(wire::cors());
    let browsers = Router::new()
        .route("/authorize", get(authorize::by_query).post(authorize::by_form))
        .route("/authorize/decision", post(decision::decide));
    machines.merge(browsers).with_state(deps)
}
