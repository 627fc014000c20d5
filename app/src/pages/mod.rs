//! The pages, one file each: what it shows, and the server functions that its forms call.

pub mod account;
pub mod consent;
pub mod doctor;
pub mod home;
pub mod new_workspace;
pub mod server;
pub mod sign_in;
pub mod sign_up;
pub mod workspace;

use domain::session::cookie_name;
use leptos::prelude::*;
use leptos_meta::Title;
use usecases::{Deps, access::session::Viewer, sign_in::SignedIn};

use crate::{
    error::PageError,
    one_shot::Refusal,
    onward::Onward,
    request::{awaiting, own_cookie, see_other, set_cookie, viewer},
    visit::{self, Origin},
};

/// What a form says that was not sent from a page of this browser, or from one that was open for too long.
const NOT_OUR_FORM: &str = "this page had been open since before your browser’s cookies changed: send it again";

/// A page that waits for its data. Routes are rendered whole, so nothing of it arrives late.
fn page<F>(title: &'static str, content: F) -> impl IntoView
where
    F: Future<Output = Result<AnyView, PageError>> + Send + 'static,
{
    view! {
        <Title text=title />
        {Suspend::new(async move { content.await.unwrap_or_else(PageError::into_page) })}
    }
}

/// The viewer whose form this is; none when the form is another session's or a forgery.
pub fn form_viewer(form_token: &str) -> Option<Viewer> {
    viewer().filter(|viewer| viewer.form_token.matches(form_token))
}

/// Whether the form of somebody who is not signed in comes from our own page. If not, its page is shown again and says why.
fn is_own_form(deps: &Deps, form_token: &str, refusal: Refusal, onward: &Onward, page: &str) -> bool {
    match visit::origin(deps, form_token) {
        Origin::OurPage => return true,
        Origin::Elsewhere => refuse(deps, &refusal, &onward.behind(page)),
        Origin::WithoutCookie => visit::ask_for_cookies(onward, page),
    }
    false
}

/// Sends a refused form back to its page.
fn refuse(deps: &Deps, refusal: &Refusal, page: &str) {
    refusal.leave(deps);
    see_other(page);
}

/// What a form says when the fault is ours.
fn our_fault(form: &str, error: &impl std::fmt::Display) -> Refusal {
    tracing::error!(error = %error, "A form failed: {error}");
    Refusal::new(form, &"something failed on our side, and nothing was changed: try again")
}

/// Hands the session to the browser, and leads on to what the person came for.
fn welcome(deps: &Deps, signed_in: &SignedIn, onward: &Onward) {
    let is_https = deps.settings.public_url.is_https();
    let name = cookie_name(is_https).to_owned();
    let mut cookie = own_cookie(name, signed_in.session.expose().to_owned(), "/".to_owned(), is_https);
    // The row says when a session ends, and is prolonged by use; the cookie only has to outlive it.
    cookie.set_max_age(cookie::time::Duration::days(400));
    set_cookie(&cookie);
    see_other(&onward.path());
}

/// A path of ours with the waiting request behind it, if there is one.
fn with_request(path: &str, request: &str) -> String {
    awaiting(Some(request)).map_or_else(|| path.to_owned(), |request| format!("{path}?request={request}"))
}
