//! What the operator chose, as the house uses it. Reading files and the environment is the server's affair.

use serde::{Deserialize, Serialize};
use std::{fmt, path::PathBuf, str::FromStr, time::Duration};
use url::Url;

/// The origin that the world knows us by, kept as text without a trailing slash: `https://visage.example`. It is also the
/// issuer (RFC 8414, section 2), compared byte for byte, so it never goes through a URL printer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicUrl(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no origin: write it as https://visage.example, without a path (plain http only for localhost)")]
pub struct InvalidPublicUrl(pub String);

impl PublicUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// The origin's host and, if it has one, port: `visage.example`, `localhost:8080`.
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, authority)| authority)
    }

    /// An absolute URL: `path` starts with `/`.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = InvalidPublicUrl;

    fn from_str(text: &str) -> Result<Self, InvalidPublicUrl> {
        let refuse = || InvalidPublicUrl(text.to_owned());
        let url = Url::parse(text.trim()).map_err(|_| refuse())?;
        let is_loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let is_bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && url.has_host();
        if is_bare && (url.scheme() == "https" || (url.scheme() == "http" && is_loopback)) {
            Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
        } else {
            Err(refuse())
        }
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = InvalidPublicUrl;

    fn try_from(text: String) -> Result<Self, InvalidPublicUrl> {
        text.parse()
    }
}

impl From<PublicUrl> for String {
    fn from(url: PublicUrl) -> Self {
        url.0
    }
}

/// Who may make an account without being invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignUpPolicy {
    /// Anybody.
    Open,
    /// Anybody until the first account exists, then only who was invited.
    Invite,
    /// Nobody: accounts are made at the command line.
    Closed,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no sign-up policy: use open, invite or closed")]
pub struct UnknownSignUpPolicy(pub String);

impl FromStr for SignUpPolicy {
    type Err = UnknownSignUpPolicy;

    fn from_str(text: &str) -> Result<Self, UnknownSignUpPolicy> {
        match text {
            "open" => Ok(Self::Open),
            "invite" => Ok(Self::Invite),
            "closed" => Ok(Self::Closed),
            other => Err(UnknownSignUpPolicy(other.to_owned())),
        }
    }
}

/// How long things live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    pub access_token: Duration,
    /// A refresh token that nobody uses.
    pub refresh_idle: Duration,
    /// A family of refresh tokens, however often it is used.
    pub refresh_absolute: Duration,
    pub authorization_code: Duration,
    pub authorization_request: Duration,
}

impl Default for Lifetimes {
    fn default() -> Self {
        const DAY: u64 = 86_400;
        Self {
            access_token: Duration::from_secs(DAY),
            refresh_idle: Duration::from_secs(90 * DAY),
            refresh_absolute: Duration::from_secs(365 * DAY),
            authorization_code: Duration::from_secs(60),
            authorization_request: Duration::from_secs(600),
        }
    }
}

/// How often one caller may do something, a minute; 0 is as often as they like. A burst of as many is let through at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimits {
    /// Registrations from one network address.
    pub registrations: u32,
    /// Authorization requests from one network address.
    pub authorizations: u32,
    /// MCP requests of one connection.
    pub tool_calls: u32,
    /// Image requests with one key.
    pub images: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        // Hosted clients register once per person and all of them from a few addresses; a page of a CRM loads hundreds of
        // images at once.
        Self { registrations: 120, authorizations: 300, tool_calls: 600, images: 6_000 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub public_url: PublicUrl,
    /// The base of image addresses, without a trailing slash.
    pub cdn_url: String,
    pub sign_up: SignUpPolicy,
    pub lifetimes: Lifetimes,
    pub rate_limits: RateLimits,
    /// Origins of web pages that may call `/mcp` from a browser, besides our own and the well-known clients'.
    pub allowed_origins: Vec<String>,
    /// Where photos lie.
    pub data_dir: PathBuf,
}

impl Settings {
    /// Defaults around one origin.
    pub fn new(public_url: PublicUrl, data_dir: PathBuf) -> Self {
        let cdn_url = public_url.join("/cdn");
        Self {
            public_url,
            cdn_url,
            sign_up: SignUpPolicy::Invite,
            lifetimes: Lifetimes::default(),
            rate_limits: RateLimits::default(),
            allowed_origins: Vec::new(),
            data_dir,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_bare_origin() {
        for (text, kept) in [
            ("https://visage.example", "https://visage.example"),
            ("https://Visage.Example/", "https://visage.example"),
            ("https://visage.example:8443", "https://visage.example:8443"),
            ("http://localhost:8080", "http://localhost:8080"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().map(|url| url.to_string()), Ok(kept.to_owned()));
        }
        for text in [
            "",
            "visage.example",
            "http://visage.example",
            "https://visage.example/app",
            "https://a@b.example",
            "ftp://x.example",
            "https://x.example?y",
        ] {
            assert!(text.parse::<PublicUrl>().is_err(), "{text}");
        }
    }
}
