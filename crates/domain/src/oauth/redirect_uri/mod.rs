//! Redirect URIs: which may be registered, and which request matches one (OAuth 2.1, section 2.3.1; RFC 8252, section 7).

mod host;
mod scheme;
#[cfg(test)]
mod tests;

use host::{has_public_host, is_loopback, is_loopback_to_the_letter, loopback_parts};
use scheme::leads_to_no_app;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};
use url::Url;

const LONGEST: usize = 2_000;

/// What the answer itself adds (RFC 6749, sections 4.1.2 and 4.1.2.1; RFC 9207, section 2).
const RESERVED: [&str; 6] = ["code", "state", "iss", "error", "error_description", "error_uri"];

/// Where a redirect URI leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// A web server, by its host.
    Web { host: String },
    /// A program on the person's own computer.
    Loopback,
    /// An app, by its private-use scheme.
    PrivateUse { scheme: String },
}

impl fmt::Display for Destination {
    /// As rules for clients name it: `example.com`, `loopback`, `cursor:`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Web { host } => formatter.write_str(host),
            Self::Loopback => formatter.write_str("loopback"),
            Self::PrivateUse { scheme } => write!(formatter, "{scheme}:"),
        }
    }
}

/// A redirect URI that may be registered, kept byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUriError {
    #[error("a redirect URI must be an absolute URI in plain ASCII, such as https://app.example/callback")]
    NotAbsolute,
    #[error("a redirect URI may have no fragment, user name, password or wildcard")]
    Forbidden,
    #[error("http redirect URIs are for loopback addresses only: write 127.0.0.1, [::1] or localhost, or use https")]
    PlainHttp,
    #[error("a redirect URI needs a public host name")]
    Host,
    #[error("a redirect URI may not hold a parameter that the answer adds: code, state, iss or error")]
    Reserved,
    #[error(
        "redirect URIs of this scheme can't be used: use https, http on a loopback address, or a scheme of the app's own"
    )]
    Scheme,
    #[error("a redirect URI has at most {LONGEST} bytes")]
    TooLong,
}

impl RedirectUri {
    /// Reads a URI that a client wants to register.
    pub fn parse(text: &str) -> Result<Self, RedirectUriError> {
        let uri = Self::read(text)?;
        // Another spelling of it would never match with another port.
        if uri.destination() == Destination::Loopback && !is_loopback_to_the_letter(text) {
            return Err(RedirectUriError::PlainHttp);
        }
        Ok(uri)
    }

    /// Reads a URI that is kept already, however loopback is spelled in it: it was registered under the rules of its day.
    fn read(text: &str) -> Result<Self, RedirectUriError> {
        if text.len() > LONGEST {
            return Err(RedirectUriError::TooLong);
        }
        // URL parsers mend a text (drop tabs, turn backslashes) before they read it; what they would mend is refused.
        if !text.bytes().all(|byte| byte.is_ascii_graphic())
            || text.contains(['\\', '"', '<', '>', '`', '{', '}', '^', '|'])
        {
            return Err(RedirectUriError::NotAbsolute);
        }
        let url = Url::parse(text).map_err(|_| RedirectUriError::NotAbsolute)?;
        if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() || text.contains('*') {
            return Err(RedirectUriError::Forbidden);
        }
        let authority_is_plain = !text.split_once("://").is_some_and(|(_, rest)| {
            let authority = rest.split(['/', '?']).next().unwrap_or_default();
            authority.is_empty() || authority.contains(['@', '%']) || authority.ends_with(':')
        });
        if url.query_pairs().any(|(name, _)| RESERVED.contains(&name.as_ref())) {
            return Err(RedirectUriError::Reserved);
        }
        let is_spelled_out = text[url.scheme().len()..].starts_with("://");
        match url.scheme() {
            "https" | "http" if !authority_is_plain || !is_spelled_out => Err(RedirectUriError::NotAbsolute),
            "https" => has_public_host(&url).then(|| Self(text.to_owned())).ok_or(RedirectUriError::Host),
            "http" if is_loopback(&url) => Ok(Self(text.to_owned())),
            "http" => Err(RedirectUriError::PlainHttp),
            scheme if leads_to_no_app(scheme) => Err(RedirectUriError::Scheme),
            // A reversed domain name stands before `:/` (RFC 8252, section 7.1); the short schemes that apps use in practice
            // come with an authority.
            scheme if scheme.contains('.') && text[scheme.len()..].starts_with(":/") => Ok(Self(text.to_owned())),
            _ if is_spelled_out && url.has_host() => Ok(Self(text.to_owned())),
            _ => Err(RedirectUriError::Scheme),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Scheme, host and path.
    pub fn without_query(&self) -> &str {
        self.0.split_once('?').map_or(self.as_str(), |(address, _)| address)
    }

    /// Whether a request's `redirect_uri` is this one: byte for byte, but for the port of a loopback address, which a
    /// native app learns only when it listens (RFC 8252, section 7.3).
    pub fn matches(&self, requested: &str) -> bool {
        if self.0 == requested {
            return true;
        }
        match (loopback_parts(&self.0), loopback_parts(requested)) {
            (Some(registered), Some(requested)) => registered == requested,
            _ => false,
        }
    }

    /// The address as far as it has to match: a loopback one without its port.
    pub fn without_loopback_port(&self) -> Cow<'_, str> {
        match loopback_parts(&self.0) {
            Some((host, rest)) => format!("http://{host}{rest}").into(),
            None => self.as_str().into(),
        }
    }

    /// The address with an answer in its query, which keeps whatever query it already has (RFC 6749, section 4.1.2).
    pub fn with_query(&self, answer: &[(&str, &str)]) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
        // Both spell a space in a form; some apps show people the plus signs.
        let query = query.replace('+', "%20");
        let joint = match self.0.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        format!("{}{joint}{query}", self.0)
    }

    pub fn destination(&self) -> Destination {
        match Url::parse(&self.0) {
            Ok(url) if is_loopback(&url) => Destination::Loopback,
            Ok(url) if url.scheme() == "https" => {
                Destination::Web { host: url.host_str().unwrap_or_default().to_owned() }
            }
            Ok(url) => Destination::PrivateUse { scheme: url.scheme().to_owned() },
            Err(_) => Destination::PrivateUse { scheme: String::new() },
        }
    }
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = RedirectUriError;

    fn try_from(text: String) -> Result<Self, RedirectUriError> {
        Self::read(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}
