//! The path of a LinkedIn address: which page it is, and the name in it.

use super::{LinkedinUrlError, VanityName};
use percent_encoding::percent_decode_str;

pub(super) fn from_path(path: &str) -> Result<VanityName, LinkedinUrlError> {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let segments: Vec<&str> = path[..end].trim_matches('/').split('/').collect();
    let word = |index: usize| match segments.get(index) {
        Some(segment) => decode(segment).map(|text| text.to_ascii_lowercase()),
        None => Ok(String::new()),
    };
    let (first, second) = (word(0)?, word(1).unwrap_or_default());
    match (first.as_str(), second.as_str()) {
        ("in", _) => from_profile(&segments[1..]),
        ("public-profile" | "mwlite" | "comm", "in") => from_profile(&segments[2..]),
        ("pub", "dir" | "") => Err(LinkedinUrlError::NotAPerson),
        ("pub", _) => from_old_public(&segments[1..]),
        ("sales", _) => Err(LinkedinUrlError::SalesNavigator),
        ("talent" | "recruiter" | "cap", _) => Err(LinkedinUrlError::Recruiter),
        ("profile", "view") | ("member", _) => Err(LinkedinUrlError::InternalId),
        ("company" | "showcase", _) => Err(LinkedinUrlError::Company),
        ("school" | "edu", _) => Err(LinkedinUrlError::School),
        ("uas" | "login" | "authwall" | "checkpoint", _) => Err(LinkedinUrlError::SignInPage),
        _ => Err(LinkedinUrlError::NotAPerson),
    }
}

/// What follows `/in/`: the name, then perhaps a language or a page below the profile, neither of which matters.
fn from_profile(segments: &[&str]) -> Result<VanityName, LinkedinUrlError> {
    let Some((name, below)) = segments.split_first() else {
        return Err(LinkedinUrlError::NotAPerson);
    };
    for segment in below {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:,=".contains(&byte);
        if !decode(segment)?.bytes().all(plain) {
            return Err(LinkedinUrlError::Characters);
        }
    }
    VanityName::decoded(name)
}

/// What follows `/pub/`: `name`, or `name/A/B/C`, which LinkedIn redirects to `name-CBA` with B and C padded to three digits.
fn from_old_public(segments: &[&str]) -> Result<VanityName, LinkedinUrlError> {
    let is_hex = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match segments {
        [name] => VanityName::decoded(name),
        [name, a, b, c] | [name, a, b, c, _] if [a, b, c].into_iter().all(|text| is_hex(text)) => {
            if segments.get(4).is_some_and(|language| !is_language(language)) {
                return Err(LinkedinUrlError::OldPublicUrl);
            }
            VanityName::canonical(&format!("{}-{c:0>3}{b:0>3}{a}", decode(name)?))
        }
        _ => Err(LinkedinUrlError::OldPublicUrl),
    }
}

/// `en`, `pt-br`, `zh_CN`.
fn is_language(text: &str) -> bool {
    (2..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphabetic() || b"-_".contains(&byte))
}

/// Percent-decodes to UTF-8 and refuses a `%` without two hexadecimal digits, which lenient decoders let pass.
pub(super) fn decode(segment: &str) -> Result<String, LinkedinUrlError> {
    let bytes = segment.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        let digits = bytes.get(index + 1..index + 3);
        if *byte == b'%' && !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(LinkedinUrlError::Encoding);
        }
    }
    let text = percent_decode_str(segment).decode_utf8().map_err(|_| LinkedinUrlError::Encoding)?;
    Ok(text.into_owned())
}
