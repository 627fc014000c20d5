//! Who may reach the endpoint from where: the `Host` and `Origin` that a request names (DNS rebinding; MCP 2026-07-28,
//! streamable HTTP, "Security & Endpoint"), and CORS, which says the same to browsers.

use super::error;
use crate::middleware::{PREFLIGHT_LIFE, caller::caller};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::{
    connection::{Mismatch, Step},
    settings::Settings,
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{HOST, ORIGIN, RETRY_AFTER, WWW_AUTHENTICATE},
    uri::Authority,
};
use std::sync::Arc;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use usecases::connection_log::{Connections, Note};

/// Web pages that speak MCP from the browser, besides our own.
const CLIENT_ORIGINS: [&str; 8] = [
    "http://localhost:6274",
    "http://127.0.0.1:6274",
    "https://claude.ai",
    "https://claude.com",
    "https://chatgpt.com",
    "https://chat.openai.com",
    "https://vscode.dev",
    "https://insiders.vscode.dev",
];

/// What the configuration lets in.
#[derive(Debug)]
pub struct Allowed {
    host: String,
    origin: String,
    /// Set by the operator.
    others: Vec<String>,
    /// On a developer's machine any local page may connect; in public only the known ones.
    any_loopback_origin: bool,
}

/// What a request meets first: the list, and the diary for what is not on it.
#[derive(Clone)]
pub struct Edge {
    pub allowed: Arc<Allowed>,
    pub connections: Connections,
}

impl Allowed {
    pub fn by(settings: &Settings) -> Self {
        let host = host_of(settings.public_url.authority()).unwrap_or_default();
        Self {
            any_loopback_origin: is_loopback(&host),
            host,
            origin: settings.public_url.as_str().to_owned(),
            others: settings.allowed_origins.clone(),
        }
    }

    /// The name alone decides: a page that rebinds its name can choose any port.
    fn has_host(&self, authority: &str) -> bool {
        host_of(authority).is_some_and(|host| host == self.host || is_loopback(&host))
    }

    fn has_origin(&self, origin: &str) -> bool {
        origin == self.origin
            || CLIENT_ORIGINS.contains(&origin)
            || self.others.iter().any(|other| other == origin)
            || (self.any_loopback_origin
                && origin
                    .split_once("://")
                    .and_then(|(_, authority)| host_of(authority))
                    .is_some_and(|host| is_loopback(&host)))
    }
}

/// Refuses what comes by a foreign name or from a foreign page, before anything else is looked at.
pub async fn check(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let Edge { allowed, connections } = edge;
    let refused = |mismatch| {
        let caller = caller(request.extensions(), request.headers());
        connections.note(Note::failed(Step::Challenge, mismatch).from(&caller));
    };
    let named = named_host(request.uri(), request.headers());
    if !named.is_some_and(|host| allowed.has_host(host)) {
        refused(Mismatch::wrong_host(named, &allowed.host));
        return error::forbidden("this server does not answer to the Host that the request names");
    }
    let mut origins = request.headers().get_all(ORIGIN).iter();
    if let Some(foreign) = origins.find(|origin| !origin.to_str().is_ok_and(|origin| allowed.has_origin(origin))) {
        refused(Mismatch::wrong_origin(&String::from_utf8_lossy(foreign.as_bytes())));
        return error::forbidden("pages of this Origin may not call this server");
    }
    next.run(request).await
}

/// CORS for the very origins that [`check`] lets through. Answers preflights, which carry no credentials.
pub fn cors(allowed: &Arc<Allowed>) -> CorsLayer {
    let allowed = Arc::clone(allowed);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin: &HeaderValue, _| {
            origin.to_str().is_ok_and(|origin| allowed.has_origin(origin))
        }))
        .allow_methods([Method::GET, Method::POST, Method::DELETE, Method::OPTIONS])
        // Mirrored, because `Mcp-Param-*` has no end; no cookie is ever read here.
        .allow_headers(AllowHeaders::mirror_request())
        .max_age(PREFLIGHT_LIFE)
        .expose_headers([
            WWW_AUTHENTICATE,
            RETRY_AFTER,
            HeaderName::from_static("mcp-session-id"),
            HeaderName::from_static("mcp-protocol-version"),
        ])
}

/// What the request's own target names, as HTTP/2's `:authority` does and a target that is a whole URL; it goes before `Host`
/// (RFC 9112, section 3.2.2). Two of these name nothing.
fn named_host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let mut hosts = headers.get_all(HOST).iter();
    match (uri.authority(), hosts.next(), hosts.next()) {
        (_, Some(_), Some(_)) => None,
        (Some(authority), ..) => Some(authority.as_str()),
        (None, host, _) => host?.to_str().ok(),
    }
}

/// The host of `host[:port]`, in lower case.
fn host_of(authority: &str) -> Option<String> {
    if authority.contains('@') {
        return None;
    }
    let authority = authority.parse::<Authority>().ok()?;
    let port = authority.as_str().strip_prefix(authority.host())?.strip_prefix(':').unwrap_or_default();
    // The parser takes any digits for a port.
    let is_port = port.is_empty() || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    is_port.then(|| authority.host().to_ascii_lowercase())
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(public_url: &str) -> Allowed {
        Allowed::by(&Settings::new(public_url.parse().unwrap(), "data".into()))
    }

    #[test]
    fn a_server_answers_to_its_own_name_and_to_loopback() {
        let allowed = allowed("https://visage.example");
        for (authority, is_allowed) in [
            ("visage.example", true),
            ("Visage.Example:443", true),
            ("localhost:8080", true),
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("visage.example.evil.example", false),
            ("evil.example", false),
            ("visage.example@evil.example", false),
            ("visage.example:65535", true),
            ("localhost:99999999", false),
            ("localhost:65536", false),
            ("localhost:+1", false),
            ("", false),
        ] {
            assert_eq!(allowed.has_host(authority), is_allowed, "{authority}");
        }
    }

    #[test]
    fn only_known_pages_call_a_public_server() {
        let allowed = allowed("https://visage.example");
        for (origin, is_allowed) in [
            ("https://visage.example", true),
            ("https://claude.ai", true),
            ("http://localhost:6274", true),
            ("http://localhost:3000", false),
            ("https://claude.ai.evil.example", false),
            ("http://visage.example", false),
            ("null", false),
        ] {
            assert_eq!(allowed.has_origin(origin), is_allowed, "{origin}");
        }
    }

    #[test]
    fn the_operator_lets_further_pages_in() {
        let mut settings = Settings::new("https://visage.example".parse().unwrap(), "data".into());
        settings.allowed_origins = vec!["https://app.example".to_owned()];
        assert!(Allowed::by(&settings).has_origin("https://app.example"));
        assert!(!Allowed::by(&settings).has_origin("https://app.example:8443"));
    }

    #[test]
    fn any_local_page_calls_a_local_server() {
        let allowed = allowed("http://localhost:8080");
        assert!(allowed.has_origin("http://127.0.0.1:5173"));
        assert!(!allowed.has_origin("http://localhost.evil.example"));
    }
}
