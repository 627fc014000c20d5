//! What kind of answer an answer is: apps want JSON, and get pages, filters and redirects instead.

use crate::exchange::Answer;
use domain::text::one_line;
use http::header;
use serde_json::Value;
use url::Url;

/// How much of a stranger's text is repeated.
const LONGEST: usize = 160;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Seen {
    Json(Value),
    /// Server-sent events.
    Stream,
    /// Sent elsewhere; the address is whole.
    Redirect(String),
    /// A bot filter or an access gateway answers before the server does.
    Filter,
    /// A page for people.
    Page,
    Other,
}

/// Words that stand on the pages of the well-known filters.
const FILTERS: [&str; 8] = [
    "just a moment",
    "attention required",
    "cf-challenge",
    "captcha",
    "checking your browser",
    "request blocked",
    "access denied",
    "pardon our interruption",
];

pub(super) fn read(answer: &Answer, url: &str) -> Seen {
    if answer.status.is_redirection() {
        let location = answer.header(&header::LOCATION);
        let location = Url::parse(url).and_then(|base| base.join(location)).map_or(location.to_owned(), String::from);
        return Seen::Redirect(location);
    }
    let content_type = answer.header(&header::CONTENT_TYPE).to_ascii_lowercase();
    if content_type.starts_with("text/event-stream") {
        return Seen::Stream;
    }
    if let Ok(value) = serde_json::from_slice(&answer.body) {
        return Seen::Json(value);
    }
    let text = String::from_utf8_lossy(&answer.body).to_lowercase();
    let is_challenged =
        answer.headers.contains_key("cf-mitigated") || answer.headers.contains_key("x-vercel-mitigated");
    let is_refused = matches!(answer.status.as_u16(), 403 | 429 | 503) || answer.status.is_success();
    if is_challenged || (is_refused && is_page(&content_type, &text) && FILTERS.iter().any(|word| text.contains(word)))
    {
        return Seen::Filter;
    }
    if is_page(&content_type, &text) { Seen::Page } else { Seen::Other }
}

fn is_page(content_type: &str, text: &str) -> bool {
    let start = text.trim_start();
    content_type.starts_with("text/html") || start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// A stranger's text, fit for one line of a report.
pub(super) fn shown(text: &str) -> String {
    one_line(text, LONGEST)
}

/// The texts in a list of a document.
pub(super) fn texts<'a>(document: &'a Value, name: &str) -> Vec<&'a str> {
    document[name].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, StatusCode};

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &'static str) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Answer { status: StatusCode::from_u16(status).unwrap(), headers: map, body: body.into() }
    }

    #[test]
    fn an_answer_is_told_by_what_it_holds() {
        let html = ("content-type", "text/html; charset=utf-8");
        for (answer, expected) in [
            (answer(200, &[], "{}"), Seen::Json(serde_json::json!({}))),
            (answer(200, &[("content-type", "text/event-stream")], "data: x"), Seen::Stream),
            (
                answer(302, &[("location", "/login?next=/mcp")], ""),
                Seen::Redirect("https://a.example/login?next=/mcp".to_owned()),
            ),
            (answer(403, &[html], "<title>Just a moment...</title>"), Seen::Filter),
            (answer(403, &[("cf-mitigated", "challenge")], "x"), Seen::Filter),
            (answer(200, &[html], "<h1>Welcome</h1>"), Seen::Page),
            (answer(404, &[], "  <!DOCTYPE html><p>captcha</p>"), Seen::Page),
            (answer(404, &[], "not found"), Seen::Other),
        ] {
            assert_eq!(read(&answer, "https://a.example/mcp"), expected, "{answer:?}");
        }
    }
}
