//! Asking a person: begin a request, show it, take the answer.

mod already;
mod begin;
mod closed;
mod decide;
mod describe;
mod recent;
mod sign_in;

pub use already::Already;
pub use begin::{BeginError, begin};
pub use decide::{DecideError, decide};
pub use describe::{ConsentScreen, DescribeError, describe, pick_workspace, who_asks};
pub use recent::RecentAnswers;
pub use sign_in::{SignInAsked, sign_in_asked};

use crate::Deps;
use domain::{
    oauth::{
        authorization_request::{RedirectFault, Unapproved},
        error::ErrorCode,
        redirect_uri::RedirectUri,
    },
    settings::PublicUrl,
};

/// Where an app hears that it has to wait for the operator. None where nobody vouches for that address: its person is led there
/// by no link of ours.
pub fn way_back(deps: &Deps, waiting: &Unapproved) -> Option<String> {
    if waiting.asker.publisher.as_ref().is_none_or(|publisher| publisher.stranger().is_some()) {
        return None;
    }
    let description = "the operator of this server has to approve this app first".to_owned();
    let fault = RedirectFault { code: ErrorCode::AccessDenied, description };
    Some(refusal(&deps.settings.public_url, &waiting.redirect_uri, waiting.state.as_deref(), &fault))
}

/// Where a client is told no (RFC 6749, section 4.1.2.1): with its state and our issuer (RFC 9207).
fn refusal(public_url: &PublicUrl, redirect_uri: &RedirectUri, state: Option<&str>, fault: &RedirectFault) -> String {
    // Quotation marks and backslashes can't stand there (RFC 6749, section 4.1.2.1), nor anything but printable ASCII.
    let is_allowed = |character: char| matches!(character, ' '..='~') && !matches!(character, '"' | '\\');
    let description: String =
        fault.description.chars().map(|character| if is_allowed(character) { character } else { '\'' }).collect();
    let mut answer = vec![("error", fault.code.as_str()), ("error_description", description.as_str())];
    answer.extend(state.map(|state| ("state", state)));
    answer.push(("iss", public_url.as_str()));
    redirect_uri.with_query(&answer)
}
