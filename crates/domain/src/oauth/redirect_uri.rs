//! Redirect URIs: which may be registered, and which request matches one (OAuth 2.1, section 2.3.1; RFC 8252, section 7).

use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr};
use url::{Host, Url};

const LONGEST: usize = 2_000;

/// What the answer itself adds (RFC 6749, sections 4.1.2 and 4.1.2.1; RFC 9207, section 2).
const RESERVED: [&str; 6] = ["code", "state", "iss", "error", "error_description", "error_uri"];

/// Schemes that lead into a browser's or system's own machinery, or mean no app.
const NEVER: [&str; 58] = [
    "javascript",
    "data",
    "file",
    "vbscript",
    "blob",
    "about",
    "ws",
    "wss",
    "ftp",
    "ftps",
    "mailto",
    "tel",
    "sms",
    "view-source",
    "filesystem",
    "chrome",
    "chrome-extension",
    "chrome-search",
    "edge",
    "microsoft-edge",
    "brave",
    "opera",
    "vivaldi",
    "moz-extension",
    "intent",
    "android-app",
    "jar",
    "jnlp",
    "jnlps",
    "itms-services",
    "search",
    "search-ms",
    "shell",
    "urn",
    "cid",
    "mid",
    "ldap",
    "ldaps",
    "smb",
    "ssh",
    "telnet",
    "gopher",
    "feed",
    "res",
    "resource",
    "x-javascript",
    "livescript",
    "mocha",
    "nfs",
    "sftp",
    "afp",
    "vnc",
    "dav",
    "davs",
    "webcal",
    "irc",
    "sip",
    "git",
];

/// Schemes that begin so open parts of Windows, each with powers of its own (`ms-settings`, `ms-msdt`, `ms-officecmd`).
const OF_WINDOWS: &str = "ms-";

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
    #[error("http redirect URIs are for loopback addresses only: use https")]
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
            scheme if NEVER.contains(&scheme) || scheme.starts_with(OF_WINDOWS) => Err(RedirectUriError::Scheme),
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

    /// The address with an answer in its query, which keeps whatever query it already has (RFC 6749, section 4.1.2).
    pub fn with_query(&self, answer: &[(&str, &str)]) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(answer).finish();
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

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Domain(domain)) => domain == "localhost",
            Some(Host::Ipv4(address)) => address == std::net::Ipv4Addr::LOCALHOST,
            Some(Host::Ipv6(address)) => address == std::net::Ipv6Addr::LOCALHOST,
            None => false,
        }
}

/// A name whose labels are well-formed, or an address that is not of a private network.
fn has_public_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => {
            let labels = domain.strip_suffix('.').unwrap_or(domain).split('.');
            labels.into_iter().all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        }
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        None => false,
    }
}

/// An address of IPv4 inside one of IPv6 leads to the same place.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !(address.is_private() || address.is_link_local() || address.is_unspecified()),
        IpAddr::V6(address) => {
            !(address.is_unique_local() || address.is_unicast_link_local() || address.is_unspecified())
        }
    }
}

/// Splits `http://HOST[:PORT]REST` for the three loopback hosts, spelled exactly so, into host and rest.
fn loopback_parts(uri: &str) -> Option<(&str, &str)> {
    let tail = uri.strip_prefix("http://")?;
    let host = ["localhost", "127.0.0.1", "[::1]"].into_iter().find(|host| tail.starts_with(host))?;
    let after = &tail[host.len()..];
    let rest = match after.strip_prefix(':') {
        Some(port_and_rest) => {
            let digits = port_and_rest.bytes().take_while(u8::is_ascii_digit).count();
            let port = port_and_rest[..digits].parse::<u16>().ok()?;
            if port == 0 || port_and_rest.starts_with('0') {
                return None;
            }
            &port_and_rest[digits..]
        }
        None => after,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}

impl fmt::Display for RedirectUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for RedirectUri {
    type Error = RedirectUriError;

    fn try_from(text: String) -> Result<Self, RedirectUriError> {
        Self::parse(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> Self {
        uri.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_a_loopback_address_is_free_and_nothing_else_is() {
        let registered = RedirectUri::parse("http://127.0.0.1/callback").unwrap();
        for (requested, matches) in [
            ("http://127.0.0.1/callback", true),
            ("http://127.0.0.1:33418/callback", true),
            ("http://127.0.0.1:0/callback", false),
            ("http://127.0.0.1:99999/callback", false),
            ("http://localhost:33418/callback", false),
            ("http://127.0.0.1:33418/callback/", false),
            ("http://127.0.0.1:33418/callback?x=1", false),
            ("http://127.0.0.1:33418@evil.example/callback", false),
            ("http://127.0.0.1.evil.example/callback", false),
            ("https://127.0.0.1/callback", false),
        ] {
            assert_eq!(registered.matches(requested), matches, "{requested}");
        }
    }

    #[test]
    fn a_web_address_matches_byte_for_byte() {
        let registered = RedirectUri::parse("https://client.example/cb").unwrap();
        assert!(registered.matches("https://client.example/cb"));
        for other in [
            "https://client.example:443/cb",
            "https://client.example/cb/",
            "https://CLIENT.example/cb",
            "https://client.example/cb?",
        ] {
            assert!(!registered.matches(other), "{other}");
        }
    }

    #[test]
    fn each_kind_of_destination_is_told_apart() {
        let of = |text: &str| RedirectUri::parse(text).map(|uri| uri.destination());
        assert_eq!(of("https://claude.ai/api/mcp/auth_callback"), Ok(Destination::Web { host: "claude.ai".into() }));
        assert_eq!(of("http://[::1]:1/cb"), Ok(Destination::Loopback));
        assert_eq!(
            of("cursor://anysphere.cursor-mcp/oauth/callback"),
            Ok(Destination::PrivateUse { scheme: "cursor".into() })
        );
        assert_eq!(of("com.example.app:/cb"), Ok(Destination::PrivateUse { scheme: "com.example.app".into() }));
    }

    #[test]
    fn an_address_without_a_host_is_not_given_one() {
        for text in ["https:///evil.example/cb", "https:////evil.example/cb", "https://?https://evil.example/cb"] {
            assert!(RedirectUri::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn schemes_that_open_a_browser_a_system_or_a_share_are_refused() {
        for scheme in [
            "edge",
            "brave",
            "opera",
            "chrome-search",
            "ms-settings",
            "ms-officecmd",
            "MS-Word",
            "itms-services",
            "search",
            "shell",
            "jnlp",
            "sftp",
            "afp",
            "vnc",
            "dav",
            "webcal",
        ] {
            assert_eq!(RedirectUri::parse(&format!("{scheme}://host/cb")), Err(RedirectUriError::Scheme), "{scheme}");
        }
        for app in [
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "windsurf://codeium.windsurf/oauth/callback",
            "vscode://vscode.mcp/oauth/callback",
            "grokbot://mcp/oauth/callback",
            "claude://callback",
        ] {
            assert!(RedirectUri::parse(app).is_ok(), "{app}");
        }
    }

    #[test]
    fn an_address_of_a_private_network_is_refused_however_it_is_written() {
        for host in [
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "[::ffff:10.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[fd00::1]",
            "[::]",
        ] {
            assert_eq!(RedirectUri::parse(&format!("https://{host}/cb")), Err(RedirectUriError::Host), "{host}");
        }
        assert!(RedirectUri::parse("https://[::ffff:203.0.113.7]/cb").is_ok());
    }
}
