//! What a rule of the policy may be about besides one client: where answers are sent, and how a client calls itself.

use crate::{
    oauth::{
        client_name::{Look, looks},
        redirect_uri::Destination,
    },
    text,
};
use std::{fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization;
use url::Host;

/// How people write the loopback interface, and how rules say it.
const LOOPBACK: [&str; 5] = ["loopback", "localhost", "127.0.0.1", "[::1]", "::1"];

/// Most graphemes of a pattern for names: as many as a name itself may have.
const LONGEST_NAME: usize = 80;

/// Where a client's answers are sent, or where its document lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HostPattern {
    /// `example.com` and nothing below it, or an address.
    Host(String),
    /// `*.example.com`: everything below it, at any depth.
    Below(String),
    /// `loopback`: a program on a person's own computer.
    Loopback,
    /// `cursor:`: an app behind a private-use scheme.
    Scheme(String),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no host: write it as example.com, *.example.com or loopback, or an app's scheme as cursor:")]
pub struct InvalidHostPattern(String);

impl HostPattern {
    pub fn matches(&self, destination: &Destination) -> bool {
        match (self, destination) {
            (Self::Host(wanted), Destination::Web { host }) => without_root(host) == wanted,
            (Self::Below(wanted), Destination::Web { host }) => {
                without_root(host).strip_suffix(wanted.as_str()).is_some_and(|below| below.ends_with('.'))
            }
            (Self::Loopback, Destination::Loopback) => true,
            (Self::Scheme(wanted), Destination::PrivateUse { scheme }) => scheme == wanted,
            _ => false,
        }
    }
}

impl FromStr for HostPattern {
    type Err = InvalidHostPattern;

    fn from_str(text: &str) -> Result<Self, InvalidHostPattern> {
        let written = text.trim().to_lowercase();
        let refuse = || InvalidHostPattern(text.chars().take(60).collect());
        if LOOPBACK.contains(&written.as_str()) {
            return Ok(Self::Loopback);
        }
        if let Some(scheme) = written.strip_suffix(':') {
            return if is_private_scheme(scheme) { Ok(Self::Scheme(scheme.to_owned())) } else { Err(refuse()) };
        }
        let (host, is_below) = written.strip_prefix("*.").map_or((written.as_str(), false), |host| (host, true));
        if host.contains('*') {
            return Err(refuse());
        }
        match Host::parse(host) {
            // Nothing public has a name of one label; whoever writes one means a scheme.
            Ok(Host::Domain(domain)) if without_root(&domain).contains('.') => {
                let domain = without_root(&domain).to_owned();
                Ok(if is_below { Self::Below(domain) } else { Self::Host(domain) })
            }
            Ok(address @ (Host::Ipv4(_) | Host::Ipv6(_))) if !is_below => Ok(Self::Host(address.to_string())),
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => formatter.write_str(host),
            Self::Below(host) => write!(formatter, "*.{host}"),
            Self::Loopback => formatter.write_str("loopback"),
            Self::Scheme(scheme) => write!(formatter, "{scheme}:"),
        }
    }
}

/// `example.com.` names the same host as `example.com`.
fn without_root(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// RFC 3986, section 3.1; the web's own schemes are told apart by their hosts.
fn is_private_scheme(scheme: &str) -> bool {
    scheme.starts_with(|letter: char| letter.is_ascii_lowercase())
        && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.'))
        && !matches!(scheme, "http" | "https")
}

/// What a client calls itself, with `*` for anything: never proof of who it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamePattern {
    written: String,
    spellings: Vec<Vec<char>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name is missing: write it as Inspector or Inspector*")]
pub struct InvalidNamePattern;

impl NamePattern {
    pub fn matches(&self, name: &FoldedName) -> bool {
        let mut spellings = self.spellings.iter();
        spellings.any(|pattern| name.0.iter().any(|name| is_match(pattern, name)))
    }

    /// As it is written and as it looks, but for digits: whoever writes `10*` does not mean `Login`.
    fn spellings(written: &str) -> Vec<Vec<char>> {
        let wanted = |letter: &Letter| if letter.written.is_numeric() { letter.written } else { letter.seen };
        let folded = FoldedName::of(written).0.into_iter();
        let spellings = folded.map(|letters| letters.iter().map(wanted).collect::<Vec<char>>());
        spellings.filter(|spelling| spelling.iter().copied().any(is_telling)).collect()
    }
}

impl FromStr for NamePattern {
    type Err = InvalidNamePattern;

    fn from_str(text: &str) -> Result<Self, InvalidNamePattern> {
        let written = text::one_line(text, LONGEST_NAME);
        if !written.chars().any(is_telling) {
            return Err(InvalidNamePattern);
        }
        Ok(Self { spellings: Self::spellings(&written), written })
    }
}

impl fmt::Display for NamePattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}

/// Not what fits anything: some letters look like a star.
fn is_telling(character: char) -> bool {
    character != '*' && !character.is_whitespace()
}

/// The spellings by which names that look alike are the same: as it is written but for compatibility forms (wide, circled, in
/// mathematical letters) and capitals, and as the eye reads it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FoldedName(Vec<Vec<Letter>>);

/// What the eye reads as one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Letter {
    seen: char,
    written: char,
    /// Not so for the n of an m, which looks like an r and an n: no star ends there.
    is_first: bool,
}

impl Letter {
    const fn as_written(letter: char) -> Self {
        Self { seen: letter, written: letter, is_first: true }
    }

    /// A digit of a pattern fits that digit, and a letter all that looks like it.
    fn fits(self, wanted: char) -> bool {
        wanted == self.seen || wanted.is_numeric() && wanted == self.written
    }
}

impl FoldedName {
    pub fn of(name: &str) -> Self {
        let name = text::one_line(name, usize::MAX);
        let mut spellings = vec![name.nfkc().flat_map(char::to_lowercase).map(Letter::as_written).collect()];
        spellings.extend(looks(&name).map(|looks| looks.iter().flat_map(letters).collect()));
        // Most names look as they are written.
        spellings.dedup();
        Self(spellings)
    }
}

fn letters(look: &Look) -> impl Iterator<Item = Letter> {
    let seen = look.seen.chars().enumerate();
    seen.map(|(at, seen)| Letter { seen, written: look.written, is_first: at == 0 })
}

/// Goes back to the last `*` only, so that no pattern takes longer than its length times the name's.
fn is_match(pattern: &[char], name: &[Letter]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some('*') if name[read].is_first => {
                last_star = Some((at, read));
                at += 1;
            }
            Some(wanted) if name[read].fits(*wanted) => {
                at += 1;
                read += 1;
            }
            _ => match &mut last_star {
                Some((star, from)) => {
                    *from += 1;
                    while name.get(*from).is_some_and(|letter| !letter.is_first) {
                        *from += 1;
                    }
                    (at, read) = (*star + 1, *from);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests;
