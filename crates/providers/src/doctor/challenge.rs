//! A call without a token: it must be refused in the one way from which apps find out where to sign in.

use super::{
    address::Endpoint,
    road::Road,
    seen::{self, Seen, shown},
    trouble,
};
use crate::{exchange::Answer, http::FetchError};
use domain::{
    clock::Timestamp,
    doctor::{Leg, Report},
};
use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use url::Url;

const LEG: Leg = Leg::Challenge;

#[derive(Debug)]
pub(super) struct Challenged {
    /// Where the resource's metadata is said to be.
    pub metadata: Option<String>,
    pub date: Option<Timestamp>,
}

/// The first call of every app.
pub(super) fn initialize() -> Value {
    json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18", "capabilities": {},
            "clientInfo": { "name": "visage doctor", "version": env!("CARGO_PKG_VERSION") },
        },
    })
}

/// Makes that call, without a token.
pub(super) async fn call(road: &Road, url: &Url) -> Result<Answer, FetchError> {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::ACCEPT, "application/json, text/event-stream")];
    road.send(Method::POST, url.as_str(), &headers, Some(initialize().to_string())).await
}

/// Whether an answer is the one that leads on.
pub(super) fn is_challenge(answer: &Answer) -> bool {
    answer.status == StatusCode::UNAUTHORIZED
}

/// Judges the answer to that call. None where the road ends here.
pub(super) async fn look(
    road: &Road,
    endpoint: &Endpoint,
    answer: Result<Answer, FetchError>,
    report: &mut Report,
) -> Option<Challenged> {
    let url = endpoint.url.as_str();
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let (what, fix) = trouble::of_fetching(url, &error);
            report.fail(LEG, what, fix);
            return None;
        }
    };
    if !is_challenge(&answer) {
        not_challenged(url, &answer, report);
        return None;
    }
    let challenges: Vec<&str> =
        answer.headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok()).collect();
    let metadata = judge(&endpoint.url, &challenges, report);
    stream(road, url, report).await;
    Some(Challenged { metadata, date: Timestamp::from_http_date(answer.header(&header::DATE)) })
}

fn not_challenged(url: &str, answer: &Answer, report: &mut Report) {
    let seen = seen::read(answer, url);
    if answer.status.is_success() && matches!(seen, Seen::Json(_) | Seen::Stream) {
        report.warn(
            LEG,
            "The server answers without a token: it lets everybody in, so apps never sign anybody in.",
            "Nothing, if that is meant. Otherwise answer calls without a token with status 401.",
        );
        return;
    }
    let (what, fix) = trouble::of_answer(url, answer.status, &seen);
    report.fail(LEG, format!("A call without a token must be answered with status 401. {what}"), fix);
}

/// Judges the challenges of a 401, and finds the address of the metadata in them.
fn judge(endpoint: &Url, challenges: &[&str], report: &mut Report) -> Option<String> {
    if challenges.is_empty() {
        report.warn(
            LEG,
            "The 401 has no WWW-Authenticate header. Newer apps look at the well-known address instead; others give up.",
            "Send WWW-Authenticate: Bearer resource_metadata=\"…\"; if the server does, the proxy before it takes the header away.",
        );
        return None;
    }
    let Some(bearer) = challenges.iter().find(|challenge| challenge.to_ascii_lowercase().contains("bearer")) else {
        report.fail(
            LEG,
            format!("The server asks for another way of signing in: {}", shown(challenges[0])),
            "Answer with a Bearer challenge. A password before the connector keeps every app out: take it away from this path.",
        );
        return None;
    };
    let Some(named) = parameter(bearer, "resource_metadata") else {
        report.warn(
            LEG,
            "The challenge names no resource_metadata. Newer apps look at the well-known address instead; others give up.",
            "Add resource_metadata=\"…\" with the address of the resource’s metadata (RFC 9728, section 5.1).",
        );
        return None;
    };
    let Some(metadata) = Url::parse(&named).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        report.fail(
            LEG,
            format!("The challenge names {:?}, which is no whole address.", shown(&named)),
            "Write the address with https:// and the host (RFC 9728, section 5.1).",
        );
        return None;
    };
    if endpoint.scheme() == "https" && metadata.scheme() == "http" {
        report.fail(
            LEG,
            format!("The challenge names a plain http address: {}", shown(&named)),
            "Tell the server its public address with https: behind a proxy that ends TLS it takes itself for http.",
        );
    } else if endpoint.host() != metadata.host() {
        report.warn(
            LEG,
            format!("The challenge names another host: {}", shown(&named)),
            "Tell the server its public address: careful apps ask nobody but the host that they were given.",
        );
    } else {
        report.pass(LEG, "A call without a token gets status 401 and is told where the metadata is.");
    }
    Some(named)
}

/// Apps of the older generation open a stream with GET; some probe as a browser would.
async fn stream(road: &Road, url: &str, report: &mut Report) {
    let Ok(answer) = road.get(url, &[(header::ACCEPT, "text/event-stream")]).await else {
        report.warn(
            LEG,
            "A GET without a token gets no answer in time.",
            "Answer it at once, with status 401: some apps look before they call.",
        );
        return;
    };
    if !matches!(answer.status.as_u16(), 401 | 404 | 405) {
        let (what, fix) = trouble::of_answer(url, answer.status, &seen::read(&answer, url));
        report.warn(
            LEG,
            format!("A GET without a token should be answered as a POST is, with status 401. {what}"),
            fix,
        );
    }
}

/// A parameter of a challenge, quoted or not (RFC 9110, section 11.2).
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let lower = challenge.to_ascii_lowercase();
    let start = lower.match_indices(name).find_map(|(start, _)| {
        let is_whole = challenge[..start].ends_with([' ', ',', '\t']);
        is_whole.then(|| challenge[start + name.len()..].trim_start().strip_prefix('=')).flatten()
    })?;
    let value = start.trim_start();
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([',', ' ']).next(),
    };
    value.filter(|value| !value.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::doctor::Verdict;

    #[test]
    fn the_metadata_is_found_in_the_challenge() {
        for (challenge, expected) in [
            (r#"Bearer resource_metadata="https://a.example/x", scope="openid""#, Some("https://a.example/x")),
            (r#"Bearer error="invalid_token",resource_metadata="https://a.example/x""#, Some("https://a.example/x")),
            ("Bearer resource_metadata=https://a.example/x", Some("https://a.example/x")),
            (r#"bearer Resource_Metadata = "https://a.example/x""#, Some("https://a.example/x")),
            (r#"Bearer not_resource_metadata="https://a.example/x""#, None),
            ("Bearer realm=\"x\"", None),
        ] {
            assert_eq!(parameter(challenge, "resource_metadata").as_deref(), expected, "{challenge}");
        }
    }

    #[test]
    fn a_challenge_is_judged_by_where_it_leads() {
        let endpoint = Url::parse("https://a.example/mcp").unwrap();
        for (challenges, verdict, finds) in [
            (&[r#"Bearer resource_metadata="https://a.example/x""#][..], Verdict::Pass, true),
            (&["Basic realm=x", r#"Bearer resource_metadata="https://a.example/x""#], Verdict::Pass, true),
            (&[r#"Bearer resource_metadata="http://a.example/x""#], Verdict::Fail, true),
            (&[r#"Bearer resource_metadata="https://b.example/x""#], Verdict::Warn, true),
            (&[r#"Bearer resource_metadata="/x""#], Verdict::Fail, false),
            (&["Bearer"], Verdict::Warn, false),
            (&["Basic realm=x"], Verdict::Fail, false),
            (&[], Verdict::Warn, false),
        ] {
            let mut report = Report::new("");
            let found = judge(&endpoint, challenges, &mut report);
            assert_eq!((report.verdict(), found.is_some()), (verdict, finds), "{challenges:?}: {report:?}");
        }
    }
}
