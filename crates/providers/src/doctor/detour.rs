//! From the address that was typed to the one that was meant: the same with the other scheme, or with the connector's path.

use super::{
    address::Endpoint,
    challenge,
    road::Road,
    seen::{self, Seen, shown},
};
use crate::{exchange::Answer, http::FetchError};
use domain::doctor::{Leg, Report};
use url::Url;

/// Where connectors are, when nothing else was said.
const PATH: &str = "/mcp";

type Answered = Result<Answer, FetchError>;

/// Calls the connector. Where no connector answers at the address itself, but one does at an address that people mean by it,
/// that is told, and the walk goes on there.
pub(super) async fn to_the_connector(road: &Road, typed: Endpoint, report: &mut Report) -> (Endpoint, Answered) {
    let mut answer = challenge::call(road, &typed.url).await;
    let mut endpoint = typed;
    if let Some((meant, answered)) = by_the_other_scheme(road, &endpoint.url, &answer).await {
        let (what, fix) = other_scheme(&endpoint, &meant);
        report.fail(Leg::Address, what, fix);
        (endpoint, answer) = (Endpoint { typed: meant.to_string(), url: meant }, answered);
    }
    if let Some((meant, answered)) = at_its_path(road, &endpoint.url, &answer).await {
        report.fail(
            Leg::Address,
            format!(
                "There is no connector at {}, but there is one at {}",
                shown(&endpoint.typed),
                shown(meant.as_str())
            ),
            format!("Give people exactly {} (what follows is about that address).", shown(meant.as_str())),
        );
        (endpoint, answer) = (Endpoint { typed: meant.to_string(), url: meant }, Ok(answered));
    }
    (endpoint, answer)
}

/// Whoever speaks http where https was asked for, or the other way round, gives no answer that makes sense.
async fn by_the_other_scheme(road: &Road, url: &Url, answer: &Answered) -> Option<(Url, Answered)> {
    let is_senseless = match answer {
        Ok(answer) => {
            url.scheme() == "http" && answer.status == 400 && !matches!(seen::read(answer, url.as_str()), Seen::Json(_))
        }
        Err(error) => matches!(error, FetchError::Unreachable | FetchError::Interrupted),
    };
    let mut other = url.clone();
    let scheme = if url.scheme() == "https" { "http" } else { "https" };
    if !is_senseless || other.set_scheme(scheme).is_err() {
        return None;
    }
    match challenge::call(road, &other).await {
        // What only leads back to where nobody answers is no way.
        Ok(answer) if answer.status.is_redirection() => None,
        answered @ (Ok(_) | Err(FetchError::Certificate)) => Some((other, answered)),
        Err(_) => None,
    }
}

fn other_scheme(typed: &Endpoint, meant: &Url) -> (String, String) {
    let (typed, meant_text) = (shown(&typed.typed), shown(meant.as_str()));
    if meant.scheme() == "http" {
        let what = format!("{typed} gives no answer over https: the server speaks plain http, at {meant_text}");
        let fix = format!(
            "Apps on the server’s own machine take {meant_text} (what follows is about that address). For all others put a proxy with a certificate before the server, and tell it its public address (Visage: VISAGE_PUBLIC_URL)."
        );
        return (what, fix);
    }
    let what = format!("{typed} gives no answer over plain http: the server speaks https, at {meant_text}");
    (what, format!("Give people exactly {meant_text} (what follows is about that address)."))
}

/// People paste the name of the host alone, or the page that they look at.
async fn at_its_path(road: &Road, url: &Url, answer: &Answered) -> Option<(Url, Answer)> {
    let Ok(answer) = answer else { return None };
    let is_connector = challenge::is_challenge(answer)
        || (answer.status.is_success() && matches!(seen::read(answer, url.as_str()), Seen::Json(_) | Seen::Stream));
    if is_connector || url.path().trim_end_matches('/') == PATH {
        return None;
    }
    let meant = Url::parse(&format!("{}{PATH}", url.origin().ascii_serialization())).ok()?;
    let answer = challenge::call(road, &meant).await.ok()?;
    challenge::is_challenge(&answer).then_some((meant, answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_schemes_are_told_with_the_address_that_works() {
        for (typed, meant, told) in [
            ("https://a.example/mcp", "http://a.example/mcp", "VISAGE_PUBLIC_URL"),
            ("http://a.example/mcp", "https://a.example/mcp", "Give people exactly https://a.example/mcp"),
        ] {
            let typed = Endpoint { typed: typed.to_owned(), url: Url::parse(typed).unwrap() };
            let (what, fix) = other_scheme(&typed, &Url::parse(meant).unwrap());
            assert!(what.starts_with(&typed.typed) && what.ends_with(meant), "{what}");
            assert!(fix.contains(told), "{fix}");
        }
    }
}
