//! LinkedIn profile addresses of every real-world shape, brought to one canonical vanity name. Text in, words out: nothing
//! here looks anything up, so addresses that only LinkedIn could resolve are refused with a reason of their own.

mod address;
mod character;
mod error;
mod path;

pub use error::LinkedinUrlError;

use address::{check_authority, split_address, unwrapped};
use character::{is_allowed, is_member_token};
use path::{decode, from_path};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// The canonical name of one profile: what stands after `linkedin.com/in/`.
///
/// Percent-decoded, in Unicode NFC, lower-cased, 3–100 characters (2 suffice beyond ASCII) of letters, digits, hyphens,
/// underscores and emoji with at least one letter or digit. Member tokens (`ACoAA…`) keep their case, because LinkedIn tells them apart by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VanityName(String);

/// Lengths of a vanity name in characters, after normalisation (LinkedIn's own rule).
const SHORTEST: usize = 3;
/// Two Han characters are a whole name, and live profiles have such addresses.
const SHORTEST_BEYOND_ASCII: usize = 2;
const LONGEST: usize = 100;
const UNRESERVED_IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

impl VanityName {
    /// Reads a profile URL: any scheme-less, country, mobile, public-profile, language, sub-page or `/pub/` form, with
    /// white space, angle brackets or double quotes around it.
    ///
    /// # Errors
    /// [`LinkedinUrlError`], when the text is anything but the address of one profile.
    pub fn parse_url(text: &str) -> Result<Self, LinkedinUrlError> {
        let text = unwrapped(text)?;
        if text.starts_with("urn:li:") {
            return Err(LinkedinUrlError::InternalId);
        }
        let (authority, path) = split_address(text)?;
        check_authority(authority)?;
        from_path(path)
    }

    /// Reads what a person may type for a profile: a bare name, `@name`, `in/name`, or a pasted profile URL.
    ///
    /// # Errors
    /// [`LinkedinUrlError`], when the text is none of these.
    pub fn parse_username(text: &str) -> Result<Self, LinkedinUrlError> {
        let text = unwrapped(text)?;
        if let Some(name) = text.strip_prefix('@') {
            return Self::decoded(name);
        }
        let first = text.trim_start_matches('/').split('/').next().unwrap_or_default();
        if text.contains('/') && (first.eq_ignore_ascii_case("in") || first.eq_ignore_ascii_case("pub")) {
            return from_path(text);
        }
        if text.contains(['/', ':', '.']) {
            return Self::parse_url(text);
        }
        Self::decoded(text)
    }

    /// The public address of the profile, percent-encoded and without a slash at its end.
    pub fn profile_url(&self) -> String {
        format!("https://www.linkedin.com/in/{}", utf8_percent_encode(&self.0, UNRESERVED_IN_PATH))
    }

    /// Whether this is LinkedIn's opaque token of a member, whose case matters, instead of a name.
    pub fn is_member_token(&self) -> bool {
        is_member_token(&self.0)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The person's name as far as the address tells it, for initials: `ada-lovelace-1815` → `Ada Lovelace`. Empty when it
    /// tells nothing.
    pub fn likely_name(&self) -> String {
        if self.is_member_token() {
            return String::new();
        }
        // LinkedIn appends a random group with digits in it when a name is taken.
        let words = self.0.split(['-', '_']).filter(|word| !word.is_empty() && !word.chars().any(char::is_numeric));
        let capitalised = words.map(|word| {
            let mut characters = word.chars();
            let first: String = characters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
            first + characters.as_str()
        });
        capitalised.collect::<Vec<_>>().join(" ")
    }

    /// Decodes one path segment exactly once, so that `%2561` stays the refused `%61`.
    fn decoded(segment: &str) -> Result<Self, LinkedinUrlError> {
        Self::canonical(&decode(segment)?)
    }

    fn canonical(name: &str) -> Result<Self, LinkedinUrlError> {
        let name: String = if is_member_token(name) {
            name.to_owned()
        } else {
            // Lower-casing may leave a base letter beside a mark that composes with it, hence the second NFC.
            name.nfc().collect::<String>().to_lowercase().nfc().collect()
        };
        let length = name.chars().count();
        if length > LONGEST {
            return Err(LinkedinUrlError::TooLong);
        }
        let mut previous = None;
        for character in name.chars() {
            if !is_allowed(character, previous) {
                return Err(LinkedinUrlError::Characters);
            }
            previous = Some(character);
        }
        if length < if name.is_ascii() { SHORTEST } else { SHORTEST_BEYOND_ASCII } {
            return Err(LinkedinUrlError::TooShort);
        }
        if !name.chars().any(char::is_alphanumeric) {
            return Err(LinkedinUrlError::Characters);
        }
        Ok(Self(name))
    }
}

impl std::fmt::Display for VanityName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl AsRef<str> for VanityName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for VanityName {
    type Err = LinkedinUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_username(text)
    }
}

/// A stored name is checked again on its way in, but not decoded: it is no URL any more.
impl TryFrom<String> for VanityName {
    type Error = LinkedinUrlError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::canonical(&name)
    }
}

impl From<VanityName> for String {
    fn from(name: VanityName) -> Self {
        name.0
    }
}
