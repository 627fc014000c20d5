//! Asking a person: begin a request, show it, take the answer.

mod begin;
mod decide;
mod describe;
mod recent;
mod sign_in;

pub use begin::{BeginError, begin};
pub use decide::{DecideError, decide};
pub use describe::{ConsentScreen, DescribeError, describe, pick_workspace, who_asks};
pub use recent::RecentAnswers;
pub use sign_in::{SignInAsked, sign_in_asked};

use domain::{
    oauth::{authorization_request::RedirectFault, redirect_uri::RedirectUri},
    settings::PublicUrl,
};

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
