//! The address around a profile's path: what people copy with it, and whether it leads to LinkedIn.

use super::LinkedinUrlError;

/// Longer than any address that a browser shows; bounds the work done for a hostile input, in bytes.
const LONGEST_INPUT: usize = 8_192;

/// Takes off white space and one pair of angle brackets (from mail) or double quotes (from a table).
pub(super) fn unwrapped(text: &str) -> Result<&str, LinkedinUrlError> {
    if text.len() > LONGEST_INPUT {
        return Err(LinkedinUrlError::TooLong);
    }
    let text = text.trim();
    let inner = [('<', '>'), ('"', '"')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or(text);
    if inner.is_empty() {
        return Err(LinkedinUrlError::Empty);
    }
    if inner
        .chars()
        .any(|character| character.is_whitespace() || character.is_control() || "\\<>\"".contains(character))
    {
        return Err(LinkedinUrlError::Characters);
    }
    Ok(inner)
}

/// Splits into authority and path by hand: a WHATWG parser would repair `..`, `\` and `https:host` before we could refuse them.
pub(super) fn split_address(text: &str) -> Result<(&str, &str), LinkedinUrlError> {
    let address = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") => rest,
        Some((scheme, _)) if is_scheme(scheme) => return Err(LinkedinUrlError::Scheme),
        _ => text.strip_prefix("//").unwrap_or(text),
    };
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let address = &address[..end];
    let (authority, path) = address.split_at(address.find('/').unwrap_or(address.len()));
    if authority.is_empty() {
        return Err(LinkedinUrlError::NotAUrl);
    }
    Ok((authority, path))
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

pub(super) fn check_authority(authority: &str) -> Result<(), LinkedinUrlError> {
    if authority.contains('@') {
        return Err(if authority.ends_with("linkedin.com") {
            LinkedinUrlError::Host
        } else {
            LinkedinUrlError::NotAUrl
        });
    }
    let host = authority.strip_suffix(":443").or_else(|| authority.strip_suffix(":80")).unwrap_or(authority);
    if host.contains(':') && !host.starts_with('[') {
        return Err(LinkedinUrlError::Scheme);
    }
    let host = host.to_ascii_lowercase();
    if host == "lnkd.in" || host == "www.lnkd.in" {
        return Err(LinkedinUrlError::ShortLink);
    }
    if !host.contains('.') {
        return Err(LinkedinUrlError::NotAUrl);
    }
    match host.strip_suffix("linkedin.com") {
        Some("" | "www." | "m." | "mobile." | "touch.") => Ok(()),
        Some(country) if is_country(country) => Ok(()),
        _ => Err(LinkedinUrlError::Host),
    }
}

/// `uk.`, `de.`, … : LinkedIn serves each country from a label of two letters.
fn is_country(label: &str) -> bool {
    label.strip_suffix('.').is_some_and(|label| label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_lowercase()))
}
