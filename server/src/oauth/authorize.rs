//! `/authorize` (OAuth 2.1, section 4.1.1): stores what was asked and sends the browser to the consent page with nothing
//! but the request's identifier. A fault that may not be redirected becomes a page.

use super::{
    authorize_page::{failure_page, fault_page, offer_page, too_fast_page, unreadable_page},
    wire,
};
use crate::middleware::{CalledBy, caller::caller};
use axum::{
    extract::{Extension, RawQuery, Request, State},
    response::{IntoResponse, Response},
};
use domain::{connection::Step, oauth::client_document::is_url};
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
        Err(BeginError::Page(fault)) => fault_page(deps, &fault),
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

/// Nothing of it is kept, travels on or sits in a frame.
pub fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
