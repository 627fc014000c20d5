//! The pages at which a request to authorize ends: a fault that may not be redirected, in words for whoever sees it.

use super::authorize::guard;
use app::{FaultPage, WayOn};
use axum::response::{Html, IntoResponse, Response};
use domain::oauth::authorization_request::{PageFault, RedirectFault};
use http::{HeaderValue, StatusCode, header};
use usecases::{Deps, pace::TooFast};

pub fn page(status: StatusCode, page: &FaultPage) -> Response {
    guard((status, Html(page.to_html())).into_response())
}

/// Whoever follows a link to us and is sent on to a stranger's page would believe that it is ours (RFC 9700, section 4.11.2).
pub fn offer_page(url: String, host: &str, fault: &RedirectFault) -> Response {
    let text = format!(
        "The app at {host} asked for something that can't be answered. Nobody vouches for that address, so nothing is sent \
         there unless you go back yourself. Nothing was granted."
    );
    let offer = FaultPage {
        way_on: Some(WayOn { label: format!("Go back to {host}"), url }),
        ..FaultPage::new("This request can't go on", text).with_detail(Some(fault.description.clone()))
    };
    page(StatusCode::BAD_REQUEST, &offer)
}

pub fn failure_page() -> Response {
    let text = "Nothing was granted. Wait a moment, go back to the app and connect again.";
    page(StatusCode::INTERNAL_SERVER_ERROR, &FaultPage::new("Something failed on our side", text))
}

pub fn unreadable_page() -> Response {
    let text = "The app sent something that is no authorization request. Go back to the app and connect again.";
    page(StatusCode::BAD_REQUEST, &FaultPage::new("This request can't be read", text))
}

pub fn too_fast_page(too_fast: TooFast) -> Response {
    let text = "More apps than we can look at want to connect from your network. Wait a minute, go back to the app and connect again.";
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, &FaultPage::new("Too many apps at once", text));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(too_fast.seconds()));
    response
}

pub fn fault_page(deps: &Deps, fault: &PageFault) -> Response {
    let (status, shown) = app::page_fault(deps, fault);
    page(status, &shown)
}
