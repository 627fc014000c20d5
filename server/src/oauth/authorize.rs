//! `/authorize` (OAuth 2.1, section 4.1.1): stores what was asked and sends the browser to the consent page with nothing
//! but the request's identifier. A fault that may not be redirected becomes a page.

use super::wire;
use crate::middleware::{CalledBy, caller::caller};
use app::WayOn;
use axum::{
    extract::{Extension, RawQuery, Request, State},
    response::{Html, IntoResponse, Response},
};
use domain::{
    connection::Step,
    oauth::{
        authorization_request::{PageFault, RedirectFault},
        client_document::is_url,
    },
};
use http::{HeaderValue, StatusCode, header};
use std::net::IpAddr;
use usecases::{
    Deps,
    access::session::Viewer,
    authorize::{self, BeginError},
    connection_log::{self, Caller, Note, Said},
    pace::TooFast,
};

pub async fn by_query(
    State(deps): State<Deps>,
    CalledBy(caller): CalledBy,
    viewer: Option<Extension<Viewer>>,
    RawQuery(query): RawQuery,
) -> Response {
    match wire::read_query(&query.unwrap_or_default()) {
        Some(pairs) => begin(&deps, &caller, viewer.as_deref(), pairs).await,
        None => unreadable_page(),
    }
}

/// The same parameters in a form (OpenID Connect Core, section 3.1.2.1).
pub async fn by_form(State(deps): State<Deps>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let caller = caller(&parts.extensions, &parts.headers);
    match wire::read_pairs(&parts.headers, body).await {
        Ok(pairs) => begin(&deps, &caller, parts.extensions.get::<Viewer>(), pairs).await,
        Err(_) => unreadable_page(),
    }
}

async fn begin(deps: &Deps, caller: &Caller, viewer: Option<&Viewer>, parameters: Vec<(String, String)>) -> Response {
    let said = Said::by(&parameters);
    if let Some(address) = caller.address
        && let Err(too_fast) = pace(deps, address, &said)
    {
        return too_fast_page(too_fast);
    }
    let begun = authorize::begin(deps, viewer, parameters).await;
    let note = match &begun {
        Ok(request) => Note::passed(Step::Authorize).client(said.client()).request(*request),
        Err(error) => connection_log::refused_request(deps, &said, error).await,
    };
    deps.connections.note(note.user(viewer.map(|viewer| viewer.user.id)).from(caller));
    match begun {
        Ok(request) => redirect(&format!("/consent/{request}")),
        Err(BeginError::Redirect(url, _)) => redirect(&url),
        Err(BeginError::Offer { url, host, fault }) => offer_page(url, &host, &fault),
        Err(BeginError::Page(fault)) => fault_page(&fault),
        Err(BeginError::Store(source)) => {
            tracing::error!(error = %source, "An authorization request could not be stored");
            failure_page()
        }
    }
}

/// Anybody may ask, and each question is kept for a while.
fn pace(deps: &Deps, address: IpAddr, said: &Said) -> Result<(), TooFast> {
    deps.pace.authorization(address)?;
    // Whoever names itself by a document introduces itself with each request, and we may have to go and read it.
    if is_url(said.client()) { deps.pace.registration(address) } else { Ok(()) }
}

/// `303 See Other`, which turns a form's POST into a GET (OAuth 2.1, section 7.5.2). The address the browser leaves holds
/// secrets, so no referrer goes along and nothing is kept.
pub fn redirect(url: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(url) else {
        tracing::error!("A redirect address can't stand in a header");
        return failure_page();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    guard(response)
}

pub fn page(status: StatusCode, title: &str, text: &str, detail: Option<&str>) -> Response {
    guard((status, Html(app::fault_page(title, text, detail, None))).into_response())
}

/// Whoever follows a link to us and is sent on to a stranger's page would believe that it is ours (RFC 9700, section 4.11.2).
fn offer_page(url: String, host: &str, fault: &RedirectFault) -> Response {
    let text = format!(
        "The app at {host} asked for something that can't be answered. Nobody vouches for that address, so nothing is sent \
         there unless you go back yourself. Nothing was granted."
    );
    let way_on = WayOn { label: format!("Go back to {host}"), url };
    let page = app::fault_page("This request can't go on", &text, Some(&fault.description), Some(way_on));
    guard((StatusCode::BAD_REQUEST, Html(page)).into_response())
}

pub fn failure_page() -> Response {
    page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something failed on our side",
        "Nothing was granted. Wait a moment, go back to the app and connect again.",
        None,
    )
}

fn unreadable_page() -> Response {
    page(
        StatusCode::BAD_REQUEST,
        "This request can't be read",
        "The app sent something that is no authorization request. Go back to the app and connect again.",
        None,
    )
}

fn fault_page(fault: &PageFault) -> Response {
    let (title, text) = match fault {
        PageFault::Duplicate(_) | PageFault::Unreadable(_) | PageFault::NoClient => (
            "This request can't be read",
            "The app sent an authorization request with a mistake in it. Nothing was granted; only the app's makers can mend this.",
        ),
        PageFault::UnknownClient => (
            "This app is not known here",
            "Its registration is gone, or it never had one. Remove the connector in the app and add it again.",
        ),
        PageFault::Identifier(_) => (
            "This app can't be identified",
            "It names itself by an address that no app may be named by, so nobody can tell who asks. Nothing was granted; only \
             the app's makers can mend this.",
        ),
        PageFault::Document { .. } => (
            "This app can't be identified right now",
            "It names itself by the address of a document that could not be read, so nobody can tell who asks. Nothing was \
             granted. Wait a minute, go back to the app and connect again; if it stays so, tell the app's makers.",
        ),
        PageFault::BlockedClient => (
            "This app is blocked",
            "The operator of this server does not let it connect. Ask them if you think it should.",
        ),
        PageFault::UnapprovedClient { name } => return waiting_page(name),
        PageFault::RedirectUri => (
            "Callback URL mismatch",
            "The app wants the answer sent to an address (redirect_uri) that it never registered, so nothing was sent anywhere. \
             This is a mistake in the app's or this server's configuration, not yours.",
        ),
    };
    let detail = match fault {
        PageFault::Duplicate(_)
        | PageFault::Unreadable(_)
        | PageFault::NoClient
        | PageFault::Identifier(_)
        | PageFault::Document { .. }
        | PageFault::RedirectUri => Some(fault.to_string()),
        // The text says it all.
        PageFault::UnknownClient | PageFault::BlockedClient | PageFault::UnapprovedClient { .. } => None,
    };
    page(StatusCode::BAD_REQUEST, title, text, detail.as_deref())
}

fn too_fast_page(too_fast: TooFast) -> Response {
    let mut response = page(
        StatusCode::TOO_MANY_REQUESTS,
        "Too many apps at once",
        "More apps than we can look at want to connect from your network. Wait a minute, go back to the app and connect again.",
        None,
    );
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(too_fast.seconds()));
    response
}

/// The operator sees the app first in their list from now on; the person has to tell them that they want it.
fn waiting_page(name: &str) -> Response {
    let app = if name.is_empty() { "An app without a name".to_owned() } else { format!("An app named “{name}”") };
    let text = format!(
        "{app} wants to connect, and whoever runs this server has to approve it first. Tell them the app's name: it waits for \
         them at the top of their list of clients. Once they have approved it, go back to the app and connect again. Nothing \
         was granted yet."
    );
    page(StatusCode::FORBIDDEN, "Waiting for approval", &text, None)
}

fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
