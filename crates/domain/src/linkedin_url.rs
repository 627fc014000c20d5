//! LinkedIn profile addresses of every real-world shape, brought to one canonical vanity name. Text in, words out: nothing
//! here looks anything up, so addresses that only LinkedIn could resolve are refused with a reason of their own.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The canonical name of one profile: what stands after `linkedin.com/in/`.
///
/// Percent-decoded, in Unicode NFC, lower-cased, 3–100 characters (2 suffice beyond ASCII) of letters, digits, hyphens,
/// underscores and emoji with at least one letter or digit. Member tokens (`ACoAA…`) keep their case, because LinkedIn tells them apart by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VanityName(String);

/// Why a text names no profile. Each message says what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkedinUrlError {
    #[error(
        "there is no LinkedIn URL here; paste the address of a profile, such as https://www.linkedin.com/in/ada-lovelace"
    )]
    Empty,
    #[error("this is not the URL of a LinkedIn profile; it should look like https://www.linkedin.com/in/ada-lovelace")]
    NotAUrl,
    #[error("a LinkedIn URL starts with https:// or http://; copy it from the browser's address bar")]
    Scheme,
    #[error("this URL does not lead to linkedin.com; paste the one that starts with https://www.linkedin.com/in/")]
    Host,
    #[error(
        "lnkd.in is a short link that only LinkedIn can open; open it in a browser and paste the address it leads to"
    )]
    ShortLink,
    #[error(
        "this is a Sales Navigator URL, which hides the public name; open the profile on linkedin.com and paste that URL"
    )]
    SalesNavigator,
    #[error(
        "this is a LinkedIn Recruiter URL, which hides the public name; open the public profile and paste that URL"
    )]
    Recruiter,
    #[error(
        "this URL has only LinkedIn's internal number of the person; open the profile in a browser and paste the /in/ URL"
    )]
    InternalId,
    #[error("this is the page of a company, not of a person; paste the URL of a profile, with /in/ in it")]
    Company,
    #[error("this is the page of a school, not of a person; paste the URL of a profile, with /in/ in it")]
    School,
    #[error("this is LinkedIn's sign-in page; sign in, open the profile and paste its URL")]
    SignInPage,
    #[error("this LinkedIn page is not a profile; paste the URL of a profile, with /in/ in it")]
    NotAPerson,
    #[error(
        "this old /pub/ URL is incomplete; it should end in three short groups of hexadecimal digits, or use the /in/ URL"
    )]
    OldPublicUrl,
    #[error("the percent-encoding in this URL is broken; copy the URL again from the browser's address bar")]
    Encoding,
    #[error("this profile name is too short: LinkedIn's have at least 3 characters; check that it was copied in full")]
    TooShort,
    #[error(
        "this profile name is too long: LinkedIn's have at most 100 characters; check that only the URL was copied"
    )]
    TooLong,
    #[error(
        "a profile name has only letters, digits, hyphens and underscores; paste one profile URL and nothing around it"
    )]
    Characters,
}

/// Lengths of a vanity name in characters, after normalisation (LinkedIn's own rule).
const SHORTEST: usize = 3;
/// Two Han characters are a whole name, and live profiles have such addresses.
const SHORTEST_BEYOND_ASCII: usize = 2;
const LONGEST: usize = 100;
/// Longer than any address that a browser shows; bounds the work done for a hostile input, in bytes.
const LONGEST_INPUT: usize = 8_192;
const MEMBER_TOKEN_PREFIX: &str = "ACoAA";
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

/// Takes off white space and one pair of angle brackets (from mail) or double quotes (from a table).
fn unwrapped(text: &str) -> Result<&str, LinkedinUrlError> {
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
fn split_address(text: &str) -> Result<(&str, &str), LinkedinUrlError> {
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

fn check_authority(authority: &str) -> Result<(), LinkedinUrlError> {
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

fn from_path(path: &str) -> Result<VanityName, LinkedinUrlError> {
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
fn decode(segment: &str) -> Result<String, LinkedinUrlError> {
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

fn is_member_token(name: &str) -> bool {
    name.starts_with(MEMBER_TOKEN_PREFIX)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn is_allowed(character: char, previous: Option<char>) -> bool {
    match character {
        '-' | '_' => true,
        // The emoji presentation selector is invisible by itself, so it may only follow an emoji.
        '\u{FE0F}' => previous.is_some_and(is_emoji),
        // Letters and marks that draw nothing would make two names look the same.
        '\u{034F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0E}'
        | '\u{FFA0}'
        | '\u{E0100}'..='\u{E01EF}' => false,
        _ => character.is_alphanumeric() || is_combining_mark(character) || is_emoji(character),
    }
}

/// The blocks in which pictographs live; names from LinkedIn's early years have them.
fn is_emoji(character: char) -> bool {
    matches!(character, '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{2B55}' | '\u{1F000}'..='\u{1FAFF}')
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
