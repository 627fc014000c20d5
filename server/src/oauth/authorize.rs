//! `/authorize` (OAuth 2.1, section 4.1.1): stores what was asked and sends the browser to the consent page with nothing
//! but the request's identifier. A fault that may not be redirected becomes a page.

use super::wire;
use axum::{
    extract::{RawQuery, Request, State},
    response::{Html, IntoResponse, Response},
};
use domain::oauth::authorization_request::PageFault;
use http::{HeaderValue, StatusCode, header};
use usecases::{
    Deps,
    authorize::{self, BeginError},
};

pub async fn by_query(State(deps): State<Deps>, RawQuery(query): RawQuery) -> Response {
    begin(&deps, wire::pairs(query.unwrap_or_default().as_bytes())).await
}

/// The same parameters in a form (OpenID Connect Core, section 3.1.2.1).
pub async fn by_form(State(deps): State<Deps>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    match wire::read_pairs(&parts.headers, body).await {
        Ok(pairs) => begin(&deps, pairs).await,
        Err(_) => page(
            StatusCode::BAD_REQUEST,
            "This request can't be read",
            "The app sent something that is no authorization request. Go back to the app and connect again.",
            None,
        ),
    }
}

async fn begin(deps: &Deps, parameters: Vec<(String, String)>) -> Response {
    match authorize::begin(deps, parameters).await {
        Ok(request) => redirect(&format!("/consent/{request}")),
        Err(BeginError::Redirect(url)) => redirect(&url),
        Err(BeginError::Page(fault)) => fault_page(&fault),
        Err(BeginError::Store(source)) => {
            tracing::error!(error = %source, "An authorization request could not be stored");
            failure_page()
        }
    }
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
    guard((status, Html(app::fault_page(title, text, detail))).into_response())
}

pub fn failure_page() -> Response {
    page(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Something failed on our side",
        "Nothing was granted. Wait a moment, go back to the app and connect again.",
        None,
    )
}

fn fault_page(fault: &PageFault) -> Response {
    let title = match fault {
        PageFault::Duplicate(_) | PageFault::Unreadable(_) | PageFault::NoClient => "This request can't be read",
        PageFault::UnknownClient => "This app is not known here",
        PageFault::BlockedClient => "This app is blocked",
        PageFault::RedirectUri => "Callback URL mismatch",
    };
    let text = match fault {
        PageFault::Duplicate(_) | PageFault::Unreadable(_) | PageFault::NoClient => {
            "The app sent an authorization request with a mistake in it. Nothing was granted; only the app's makers can mend this."
        }
        PageFault::UnknownClient => {
            "Its registration is gone, or it never had one. Remove the connector in the app and add it again."
        }
        PageFault::BlockedClient => {
            "The operator of this server does not let it connect. Ask them if you think it should."
        }
        PageFault::RedirectUri => {
            "The app wants the answer sent to an address (redirect_uri) that it never registered, so nothing was sent anywhere. \
             This is a mistake in the app's or this server's configuration, not yours."
        }
    };
    let detail = match fault {
        PageFault::Duplicate(_) | PageFault::Unreadable(_) | PageFault::NoClient | PageFault::RedirectUri => {
            Some(fault.to_string())
        }
        // The text says it all.
        PageFault::UnknownClient | PageFault::BlockedClient => None,
    };
    page(StatusCode::BAD_REQUEST, title, text, detail.as_deref())
}

fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
