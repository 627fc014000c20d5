//! The access token that a request carries (RFC 6750, section 2.1): taken out of its header, not yet judged.

use http::{HeaderMap, header};

pub enum Sent<'a> {
    Nothing,
    /// Another scheme, or more than one header.
    Unreadable,
    Token(&'a str),
}

pub fn token(headers: &HeaderMap) -> Sent<'_> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => return Sent::Nothing,
        (Some(value), None) => value,
        (Some(_), Some(_)) => return Sent::Unreadable,
    };
    match value.to_str().ok().and_then(|value| value.split_once(' ')) {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Sent::Token(token.trim()),
        _ => Sent::Unreadable,
    }
}

/// A token in the query string ends up in logs, so none is taken from there (RFC 6750, section 5.3).
pub fn is_in_query(query: Option<&str>) -> bool {
    query.is_some_and(|query| url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token"))
}
