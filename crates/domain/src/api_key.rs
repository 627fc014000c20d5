//! Keys for the image API: publishable ones for browsers, secret ones for servers.

use crate::{
    clock::Timestamp,
    id::{ApiKeyId, WorkspaceId},
    secret::SecretKind,
    text,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// `pk_…`: may be read by anyone, opens the image API only.
    Publishable,
    /// `sk_…`: for servers, may also read the usage.
    Secret,
}

impl KeyKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publishable => "publishable",
            Self::Secret => "secret",
        }
    }

    pub const fn secret_kind(self) -> SecretKind {
        match self {
            Self::Publishable => SecretKind::PublishableKey,
            Self::Secret => SecretKind::SecretKey,
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is publishable or secret")]
pub struct UnknownKeyKind;

impl FromStr for KeyKind {
    type Err = UnknownKeyKind;

    fn from_str(text: &str) -> Result<Self, UnknownKeyKind> {
        match text {
            "publishable" => Ok(Self::Publishable),
            "secret" => Ok(Self::Secret),
            _ => Err(UnknownKeyKind),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub workspace: WorkspaceId,
    pub kind: KeyKind,
    pub name: String,
    /// The first characters, to tell keys apart: `sk_7f3eQa`.
    pub hint: String,
    /// The whole key where it is public, else none.
    pub readable: Option<String>,
    /// Pages that may use it, by host; empty = any page.
    pub allowed_domains: Vec<AllowedDomain>,
    /// Made for the connector's durable image addresses.
    pub is_connector: bool,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name is missing: say what the key is for")]
pub struct MissingKeyName;

pub fn key_name(text: &str) -> Result<String, MissingKeyName> {
    let name = text::one_line(text, 60);
    if name.is_empty() { Err(MissingKeyName) } else { Ok(name) }
}

/// How many domains one key may be bound to.
pub const MOST_ALLOWED_DOMAINS: usize = 50;

/// A host name's longest form in bytes (RFC 1035, section 2.3.4, without the root's dot), and a label's.
const LONGEST_HOST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// `example.com` or `*.example.com` (any depth of subdomain), without a port.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AllowedDomain(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no domain: write it as example.com or *.example.com")]
pub struct InvalidDomain(String);

impl InvalidDomain {
    /// Quotes the start of what was typed: enough to find it by.
    fn quoting(text: &str) -> Self {
        Self(text.chars().take(60).collect())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDomains {
    #[error(transparent)]
    Domain(#[from] InvalidDomain),
    #[error(
        "a key takes at most {MOST_ALLOWED_DOMAINS} domains: cover subdomains with *.example.com, or make another key"
    )]
    TooMany,
}

/// The domains that a key is bound to, each once, in the order typed.
pub fn allowed_domains(texts: &[String]) -> Result<Vec<AllowedDomain>, InvalidDomains> {
    let mut domains: Vec<AllowedDomain> = Vec::new();
    for text in texts {
        let domain = text.parse()?;
        if domains.contains(&domain) {
            continue;
        }
        if domains.len() == MOST_ALLOWED_DOMAINS {
            return Err(InvalidDomains::TooMany);
        }
        domains.push(domain);
    }
    Ok(domains)
}

impl AllowedDomain {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn matches(&self, host: &str) -> bool {
        match self.0.strip_prefix("*.") {
            Some(parent) => host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
            None => host == self.0,
        }
    }
}

impl FromStr for AllowedDomain {
    type Err = InvalidDomain;

    fn from_str(text: &str) -> Result<Self, InvalidDomain> {
        let text = text.trim();
        let (star, host) = text.strip_prefix("*.").map_or(("", text), |host| ("*.", host));
        let parsed = url::Url::parse(&format!("https://{host}/")).map_err(|_| InvalidDomain::quoting(text))?;
        let is_host_alone = parsed.port().is_none()
            && parsed.path() == "/"
            && parsed.username().is_empty()
            && parsed.query().is_none()
            && !host.contains([':', '/', '*', '@', '?', '#']);
        match parsed.host_str() {
            Some(host) if is_host_alone && is_host_name(host) => Ok(Self(format!("{star}{host}"))),
            _ => Err(InvalidDomain::quoting(text)),
        }
    }
}

/// Labels of letters, digits and inner hyphens (RFC 1123, section 2.1). Browsers read stranger hosts than that, but nobody
/// owns one.
fn is_host_name(host: &str) -> bool {
    host.len() <= LONGEST_HOST
        && host.split('.').all(|label| {
            (1..=LONGEST_LABEL).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        })
}

impl TryFrom<String> for AllowedDomain {
    type Error = InvalidDomain;

    fn try_from(text: String) -> Result<Self, InvalidDomain> {
        text.parse()
    }
}

impl From<AllowedDomain> for String {
    fn from(domain: AllowedDomain) -> Self {
        domain.0
    }
}

/// Whether a request that says it comes from `page` (its `Origin`, else its `Referer`) may use a key bound to `allowed`.
/// A bound key without any page is refused: that is what binding means.
pub fn page_is_allowed(allowed: &[AllowedDomain], page: Option<&str>) -> bool {
    if allowed.is_empty() {
        return true;
    }
    let host = page.and_then(|page| url::Url::parse(page).ok()).and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| allowed.iter().any(|domain| domain.matches(&host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_key_opens_only_for_its_pages() {
        let allowed: Vec<AllowedDomain> =
            ["crm.example.com", "*.example.org"].iter().filter_map(|domain| domain.parse().ok()).collect();
        for (page, opens) in [
            (Some("https://crm.example.com/people?x=1"), true),
            (Some("https://crm.example.com:8443"), true),
            (Some("https://a.b.example.org/"), true),
            (Some("https://example.org/"), false),
            (Some("https://evilexample.org/"), false),
            (Some("https://crm.example.com.evil.example/"), false),
            (Some("https://evil.example/?crm.example.com"), false),
            (Some("null"), false),
            (None, false),
        ] {
            assert_eq!(page_is_allowed(&allowed, page), opens, "{page:?}");
        }
        assert!(page_is_allowed(&[], None));
    }

    #[test]
    fn only_hosts_are_domains() {
        let long_label = format!("{}.example", "x".repeat(64));
        let long_host = ["x".repeat(63).as_str(); 4].join(".");
        for text in [
            "",
            "*",
            "*.",
            "https://example.com",
            "example.com/x",
            "example.com:80",
            "a b",
            "!.example",
            "a!b.example",
            "$x.example",
            "a_b.example",
            "-a.example",
            "a-.example",
            "a..example",
            "example.com.",
            "*.*.example",
            &long_label,
            &long_host,
        ] {
            assert!(text.parse::<AllowedDomain>().is_err(), "{text}");
        }
        for text in ["localhost", "10.0.0.7", "a-b.example", "*.example.org", "3com.example"] {
            assert_eq!(text.parse::<AllowedDomain>().map(String::from).as_deref(), Ok(text));
        }
        assert_eq!(
            "Bücher.example".parse::<AllowedDomain>().map(|domain| domain.as_str().to_owned()),
            Ok("xn--bcher-kva.example".to_owned())
        );
    }

    #[test]
    fn a_refused_domain_is_quoted_in_short() {
        let refused = "ö!".repeat(5_000).parse::<AllowedDomain>().map_err(|error| error.to_string().chars().count());
        assert!(matches!(refused, Err(1..=130)), "{refused:?}");
    }

    #[test]
    fn a_key_takes_fifty_domains_and_each_once() {
        let mut texts: Vec<String> = (0..MOST_ALLOWED_DOMAINS).map(|number| format!("d{number}.example")).collect();
        texts.push("D7.example".to_owned());
        assert_eq!(allowed_domains(&texts).map(|domains| domains.len()), Ok(MOST_ALLOWED_DOMAINS));
        texts.push("one-more.example".to_owned());
        assert_eq!(allowed_domains(&texts), Err(InvalidDomains::TooMany));
        assert!(matches!(allowed_domains(&["a b".to_owned()]), Err(InvalidDomains::Domain(_))));
    }
}
