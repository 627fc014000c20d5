//! Faults that may meet a call anywhere on the road, in words, each with its way out.

use super::seen::{Seen, shown};
use crate::http::FetchError;
use http::StatusCode;
use url::Url;

/// What was seen, and what to do about it.
pub(super) type Trouble = (String, String);

pub(super) fn of_fetching(url: &str, error: &FetchError) -> Trouble {
    let fix = match error {
        FetchError::Unresolvable => {
            "Check the spelling of the name, and that DNS leads it to the server: from here it leads nowhere."
        }
        FetchError::Unreachable | FetchError::Interrupted => {
            "Check that the server runs, that the port is right, and that no firewall keeps calls from outside away."
        }
        FetchError::Certificate => {
            "Install a certificate for exactly this name, with its whole chain, from an authority that apps trust."
        }
        FetchError::TimedOut => {
            "Apps give up after ten seconds: look what keeps the server or the proxy before it so long."
        }
        FetchError::Scheme => "Serve the connector over https.",
        FetchError::Port => "Serve the connector on port 443: hosted apps call no other.",
        FetchError::Host | FetchError::ForbiddenAddress(_) => {
            "Give the connector a public name that leads to a public address: hosted apps reach nothing else. What is private by intent can be checked from the command line, with visage doctor."
        }
        FetchError::NoTls => "Install the package of certificate authorities (ca-certificates) on this machine.",
        _ => "Check the address to the letter.",
    };
    let was_called = !matches!(
        error,
        FetchError::NotAUrl
            | FetchError::Scheme
            | FetchError::Userinfo
            | FetchError::Port
            | FetchError::Host
            | FetchError::ForbiddenAddress(_)
            | FetchError::NoTls
    );
    let outcome = if was_called { "gave no answer" } else { "was not called" };
    (format!("{} {outcome}: {error}.", shown(url)), fix.to_owned())
}

/// Whatever answers, and should have answered otherwise.
pub(super) fn of_answer(url: &str, status: StatusCode, seen: &Seen) -> Trouble {
    let (shown_url, status) = (shown(url), status.as_u16());
    match seen {
        Seen::Redirect(to) => of_redirect(url, to),
        Seen::Filter => (
            format!("A bot filter or an access gateway answers at {shown_url} (status {status}), not the server."),
            "Let calls to the connector, to /.well-known/ and to the token and registration endpoints pass without a challenge: apps are no browsers.".to_owned(),
        ),
        Seen::Page => (
            format!("{shown_url} answers with a web page (status {status}) where apps expect JSON."),
            "Route this path to the server itself: often a website’s fallback for unknown paths, or a sign-in page before it, answers.".to_owned(),
        ),
        Seen::Json(_) | Seen::Stream | Seen::Other => (
            format!("{shown_url} answers with status {status}."),
            match status {
                404 | 405 | 410 => "Check the path: connectors often end in /mcp. If it is right, the proxy before the server does not pass this path on.",
                403 => "Something before the server refuses: look for a firewall, a list of countries, or a check of the Host header.",
                429 => "Wait a minute. If it stays so, raise the limit: hosted apps share few addresses.",
                500..=599 => "Look into the log of the server, or of the proxy before it.",
                _ => "Check what answers at this address.",
            }
            .to_owned(),
        ),
    }
}

fn of_redirect(from: &str, to: &str) -> Trouble {
    let what = format!("{} redirects to {}, and apps do not follow.", shown(from), shown(to));
    let (Ok(from), Ok(to)) = (Url::parse(from), Url::parse(to)) else {
        return (what, "Answer at the address itself.".to_owned());
    };
    let path = to.path().to_ascii_lowercase();
    let is_sign_in = ["login", "signin", "sign-in", "sign_in", "sso", "saml", "oauth", "authorize", "auth"]
        .iter()
        .any(|word| path.contains(word));
    let fix = if from.host_str() == to.host_str() && from.path() == to.path() && to.scheme() == "https" {
        format!("Give people the address with https: {}", shown(to.as_str()))
    } else if from.host_str() == to.host_str() && from.path().trim_end_matches('/') == to.path().trim_end_matches('/') {
        "Answer with and without the slash at the end: a redirect turns a POST into a GET.".to_owned()
    } else if is_sign_in {
        "A sign-in gateway stands before the server: let the connector, /.well-known/ and the token and registration endpoints pass without it.".to_owned()
    } else {
        "Answer at the address itself, or give people the one that it leads to.".to_owned()
    };
    (what, fix)
}
