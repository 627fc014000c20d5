//! What apps that run in a web page may read (CORS). Without it the connector works for all others.

use super::{address::Endpoint, challenge, road::Road};
use crate::exchange::Answer;
use domain::doctor::{Leg, Report};
use http::{HeaderName, Method, header};

const LEG: Leg = Leg::WebPages;

/// The MCP Inspector, where people try their server out.
const INSPECTOR: &str = "http://localhost:6274";

pub(super) async fn look(road: &Road, endpoint: &Endpoint, report: &mut Report) {
    let url = endpoint.url.as_str();
    let preflight = [
        (header::ORIGIN, INSPECTOR),
        (header::ACCESS_CONTROL_REQUEST_METHOD, "POST"),
        (header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type,mcp-protocol-version"),
    ];
    let call = [
        (header::ORIGIN, INSPECTOR),
        (header::CONTENT_TYPE, "application/json"),
        (header::ACCEPT, "application/json, text/event-stream"),
    ];
    let (Ok(asked), Ok(called)) = (
        road.send(Method::OPTIONS, url, &preflight, None).await,
        road.send(Method::POST, url, &call, Some(challenge::initialize().to_string())).await,
    ) else {
        return;
    };
    judge(&asked, &called, report);
}

fn judge(asked: &Answer, called: &Answer, report: &mut Report) {
    let mut missing = Vec::new();
    if !asked.status.is_success() {
        missing.push("the question that browsers ask beforehand (OPTIONS) is refused");
    } else if !is_let_in(asked) {
        missing.push("the answer to OPTIONS lets no other origin in");
    } else if !["authorization", "content-type"]
        .into_iter()
        .all(|name| lists(asked, &header::ACCESS_CONTROL_ALLOW_HEADERS, name, name != "authorization"))
    {
        missing.push("the answer to OPTIONS does not allow the headers Authorization and Content-Type");
    }
    if !is_let_in(called) {
        missing.push("the 401 can’t be read by another origin");
    } else if !lists(called, &header::ACCESS_CONTROL_EXPOSE_HEADERS, "www-authenticate", true) {
        missing.push("the 401 does not expose WWW-Authenticate");
    }
    if missing.is_empty() {
        report.pass(LEG, "Apps in a browser, such as the MCP Inspector, may call and read the challenge.");
    } else {
        report.warn(
            LEG,
            format!("Apps in a browser, such as the MCP Inspector, stay outside: {}.", missing.join("; ")),
            "Answer OPTIONS without a token, allow the origin, and expose WWW-Authenticate, also with status 401.",
        );
    }
}

fn is_let_in(answer: &Answer) -> bool {
    matches!(answer.header(&header::ACCESS_CONTROL_ALLOW_ORIGIN), "*" | INSPECTOR)
}

/// Whether a list names a header; a star stands for all of them, but never for `Authorization` (Fetch, section 3.3.3).
fn lists(answer: &Answer, list: &HeaderName, name: &str, by_star: bool) -> bool {
    let values = answer.headers.get_all(list);
    values
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().eq_ignore_ascii_case(name) || (by_star && value.trim() == "*"))
}
