//! What the current request brings, and what its answer carries beside the page. Read from leptos' context.

use cookie::{Cookie, SameSite};
use domain::id::AuthorizationRequestId;
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use usecases::{Deps, access::session::Viewer, pace::ClientAddress};

use crate::{error::PageError, onward::Onward};

/// What use cases are given; the server provides it.
pub fn deps() -> Result<Deps, PageError> {
    use_context::<Deps>().ok_or_else(|| PageError::ours(&"the pages were started without what they need"))
}

/// Who sits before the browser: the server's middleware found out.
pub fn viewer() -> Option<Viewer> {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<Viewer>().cloned())
}

/// Where the request comes from.
pub fn address() -> Option<ClientAddress> {
    use_context::<Parts>().and_then(|parts| parts.extensions.get::<ClientAddress>().copied())
}

/// The viewer, or the way to the sign-in page and back.
pub fn signed_in() -> Result<Viewer, PageError> {
    viewer().ok_or_else(|| PageError::SeeOther(here().behind("/sign-in")))
}

/// The page that is asked for, to come back to.
pub fn here() -> Onward {
    let path = use_context::<Parts>().and_then(|parts| parts.uri.path_and_query().map(ToString::to_string));
    path.map_or(Onward::Start, |path| Onward::read(&path))
}

/// The value of a cookie that came with the request.
pub fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts
        .headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// The parameter `name` of the address, decoded.
pub fn query(name: &str) -> Option<String> {
    leptos_router::hooks::use_query_map().with_untracked(|query| query.get(name))
}

/// All parameters of the address, as they were sent.
pub fn raw_query() -> String {
    use_context::<Parts>().and_then(|parts| parts.uri.query().map(str::to_owned)).unwrap_or_default()
}

/// The part `name` of the address's path.
pub fn param(name: &str) -> String {
    leptos_router::hooks::use_params_map().with_untracked(|params| params.get(name)).unwrap_or_default()
}

/// The authorization request that waits for a person to sign in. Only its number travels, so it can't lead astray.
pub fn awaiting(sent: Option<&str>) -> Option<AuthorizationRequestId> {
    sent.and_then(|text| text.parse().ok())
}

/// The identifier under which the server's log speaks of this request.
pub fn request_id() -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts.headers.get("x-request-id").and_then(|id| id.to_str().ok()).map(str::to_owned)
}

/// A cookie as all of ours are: for this site, out of a script's reach, over https where the site is.
pub fn own_cookie(name: String, value: String, path: String, is_https: bool) -> Cookie<'static> {
    Cookie::build((name, value)).path(path).http_only(true).same_site(SameSite::Lax).secure(is_https).build()
}

/// Sends a cookie along with the answer.
pub fn set_cookie(cookie: &Cookie<'_>) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(&cookie.to_string()))
    {
        response.append_header(header::SET_COOKIE, value);
    }
}

pub fn set_header(name: HeaderName, value: &str) {
    if let (Some(response), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        response.insert_header(name, value);
    }
}

pub fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Answers with another address (RFC 9110, section 15.4.4): what a form leads to is fetched, never sent again.
pub fn see_other(path: &str) {
    set_header(header::LOCATION, path);
    set_status(StatusCode::SEE_OTHER);
}
