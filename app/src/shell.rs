//! The document around every page, the routes, and the headers that keep a page from doing harm.

use http::{HeaderName, header, request::Parts};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};
use usecases::Deps;

use crate::{
    components::frame::ServerPlace,
    error::NotFound,
    pages::{account, consent, doctor, home, new_workspace, server, sign_in, sign_up, workspace},
    request::{set_header, set_status},
};

/// The whole document. Also sets the headers of the answer, the Content Security Policy with this request's nonce.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    provide_meta_context();
    set_headers();
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fbfaf8" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#141311" />
                <link rel="preload" href="/fonts/inter-latin.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous" />
                <link rel="stylesheet" href="/pkg/visage.css" />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                {has_islands(&path).then(|| view! { <HydrationScripts options islands=true /> })}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Every page has all its data before the first byte leaves, so that none needs a script to be whole.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Visage".to_owned() } else { format!("{title} · Visage") } />
        <Router>
            <FlatRoutes fallback=NothingHere>
                <Route path=path!("") view=home::HomePage ssr=SsrMode::Async />
                <Route path=path!("sign-in") view=sign_in::SignInPage ssr=SsrMode::Async />
                <Route path=path!("sign-up") view=sign_up::SignUpPage ssr=SsrMode::Async />
                <Route path=path!("consent/:request") view=consent::ConsentPage ssr=SsrMode::Async />
                <Route path=path!("new-workspace") view=new_workspace::NewWorkspacePage ssr=SsrMode::Async />
                <Route path=path!("account") view=account::AccountPage ssr=SsrMode::Async />
                <Route path=path!("w/:workspace") view=workspace::overview::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("w/:workspace/usage") view=workspace::usage::UsagePage ssr=SsrMode::Async />
                <Route path=path!("w/:workspace/keys") view=workspace::keys::KeysPage ssr=SsrMode::Async />
                <Route path=path!("w/:workspace/apps") view=workspace::apps::AppsPage ssr=SsrMode::Async />
                <Route path=path!("w/:workspace/apps/:grant") view=workspace::connection::ConnectionPage ssr=SsrMode::Async />
                <Route path=path!("connect/doctor") view=doctor::DoctorPage ssr=SsrMode::Async />
                <Route path=path!("server") view=server::ServerPage ssr=SsrMode::Async />
                <Route path=path!("server/clients") view=server::clients::ClientsPage ssr=SsrMode::Async />
                <Route path=path!("server/clients/new") view=server::new_client::NewClientPage ssr=SsrMode::Async />
                <Route path=path!("server/rules") view=server::rules::RulesPage ssr=SsrMode::Async />
                <Route path=path!("server/attempts") view=server::attempts::AttemptsPage ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}

/// Only these pages have something to copy or a chart. The others, where people sign in and grant access, load no script.
fn has_islands(path: &str) -> bool {
    path == "/" || path == ServerPlace::NewClient.path() || path.starts_with("/w/")
}

#[component]
fn NothingHere() -> impl IntoView {
    set_status(http::StatusCode::NOT_FOUND);
    view! {
        <Title text="Not found" />
        <NotFound />
    }
}

fn set_headers() {
    let nonce = use_nonce().map(|nonce| nonce.to_string());
    let cdn = use_context::<Deps>()
        .filter(|deps| !deps.settings.cdn_url.starts_with(deps.settings.public_url.as_str()))
        .map(|deps| deps.settings.cdn_url.clone());
    set_header(header::CONTENT_SECURITY_POLICY, &content_security_policy(nonce.as_deref(), cdn.as_deref()));
    set_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set_header(header::X_FRAME_OPTIONS, "DENY");
    // On the way through consent nothing of an address travels on, not even to our own pages.
    let is_consent = use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/consent"));
    set_header(header::REFERRER_POLICY, if is_consent { "no-referrer" } else { "same-origin" });
    set_header(header::CACHE_CONTROL, "no-store");
    set_header(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
}

/// What a page may load. There is no `form-action`: browsers apply it to the redirects behind a form as well, and the
/// answer to a consent leads to the client's own address.
pub fn content_security_policy(nonce: Option<&str>, cdn: Option<&str>) -> String {
    let scripts =
        nonce.map_or_else(|| "'none'".to_owned(), |nonce| format!("'self' 'nonce-{nonce}' 'wasm-unsafe-eval'"));
    let cdn = cdn.map(|cdn| format!(" {cdn}")).unwrap_or_default();
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:{cdn}; font-src 'self'; \
         connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_runs_only_our_scripts_and_sits_in_no_frame() {
        let policy = content_security_policy(Some("abc"), Some("https://cdn.example"));
        assert!(policy.contains("script-src 'self' 'nonce-abc' 'wasm-unsafe-eval';"), "{policy}");
        assert!(policy.contains("img-src 'self' data: https://cdn.example;"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("form-action"), "{policy}");
    }

    #[test]
    fn where_people_sign_in_and_grant_access_no_script_is_loaded() {
        for path in ["/sign-in", "/sign-up", "/consent/0", "/new-workspace", "/account", "/server/clients", "/nowhere"]
        {
            assert!(!has_islands(path), "{path}");
        }
        assert!(has_islands("/") && has_islands("/w/engines") && has_islands("/w/engines/keys"));
    }

    #[test]
    fn a_page_without_a_nonce_runs_no_script() {
        assert!(content_security_policy(None, None).contains("script-src 'none';"));
    }
}
