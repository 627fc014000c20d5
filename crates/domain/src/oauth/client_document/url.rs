//! Which `client_id` names a document: one spelling of a public https address.

use std::fmt;
use url::{Host, Url};

/// In bytes. An identifier is looked up by an index, whose entries are bounded.
const LONGEST: usize = 1_000;

/// Where documents may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// On public https servers.
    Public,
    /// Also on this machine, over plain http and on any port: for stand-in servers.
    ThisMachineToo,
}

/// A `client_id` that is the address of a document, kept byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DocumentUrl {
    text: String,
    host: String,
}

/// Why a URL can't be a `client_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentUrlError {
    #[error("its client_id is no well-formed URL")]
    NotAUrl,
    #[error("its client_id must be an https URL")]
    Scheme,
    #[error("its client_id is a URL with a user name or password in it")]
    Userinfo,
    #[error("its client_id is a URL with a fragment in it")]
    Fragment,
    #[error(
        "its client_id is a URL with a query in it, and whatever a site echoes back would then speak in that site's name"
    )]
    Query,
    #[error("its client_id is a URL without a path to a document")]
    NoPath,
    #[error("its client_id must be on the standard https port")]
    Port,
    #[error("its client_id must be on a public host name")]
    Host,
    #[error("its client_id is not spelled in the plain way: lower case host, no dot segments, nothing to mend")]
    NotPlain,
    #[error("its client_id has more than {LONGEST} bytes")]
    TooLong,
}

impl DocumentUrl {
    /// None where the identifier is no URL at all: then it is looked for among the registered ones.
    pub fn parse(id: &str, reach: Reach) -> Option<Result<Self, DocumentUrlError>> {
        is_url(id).then(|| Self::parse_url(id, reach))
    }

    fn parse_url(text: &str, reach: Reach) -> Result<Self, DocumentUrlError> {
        if text.len() > LONGEST {
            return Err(DocumentUrlError::TooLong);
        }
        let url = Url::parse(text).map_err(|_| DocumentUrlError::NotAUrl)?;
        let is_local = reach == Reach::ThisMachineToo && is_this_machine(&url);
        if url.scheme() != "https" && !(is_local && url.scheme() == "http") {
            return Err(DocumentUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(DocumentUrlError::Userinfo);
        }
        if url.fragment().is_some() {
            return Err(DocumentUrlError::Fragment);
        }
        if url.query().is_some() {
            return Err(DocumentUrlError::Query);
        }
        if url.port().is_some() && !is_local {
            return Err(DocumentUrlError::Port);
        }
        let host = match url.host() {
            Some(Host::Domain(name)) if name.contains('.') && !name.ends_with('.') => name.to_owned(),
            Some(host) if is_local => host.to_string(),
            _ => return Err(DocumentUrlError::Host),
        };
        if url.path() == "/" {
            return Err(DocumentUrlError::NoPath);
        }
        // A parser that has nothing to mend prints what it read. Two spellings of one address would be two clients.
        if url.as_str() != text {
            return Err(DocumentUrlError::NotPlain);
        }
        Ok(Self { text: text.to_owned(), host })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whose word the document is.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for DocumentUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Whether a `client_id` is meant to name a document, be it well or badly.
pub fn is_url(id: &str) -> bool {
    let starts_with = |scheme: &str| id.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    id.contains("://") || starts_with("https:") || starts_with("http:")
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_that_is_no_url_is_none_of_ours() {
        for id in ["client_0123", "", "nobody", "é", "urn:example:app"] {
            assert_eq!(DocumentUrl::parse(id, Reach::Public), None, "{id}");
        }
    }

    #[test]
    fn a_document_lies_at_a_plain_https_address_with_a_path() {
        for good in [
            "https://app.example.com/client.json",
            "https://app.example.com/a/b-c_d~e/client",
            "https://xn--bcher-kva.example/c.json",
        ] {
            assert_eq!(
                DocumentUrl::parse(good, Reach::Public).unwrap().map(|url| url.to_string()),
                Ok(good.to_owned())
            );
        }
        let url = DocumentUrl::parse("https://app.example.com/client.json", Reach::Public);
        assert!(url.is_some_and(|url| url.is_ok_and(|url| url.host() == "app.example.com")));
        for (bad, reason) in [
            ("http://app.example.com/c.json", DocumentUrlError::Scheme),
            ("ftp://app.example.com/c.json", DocumentUrlError::Scheme),
            ("https://", DocumentUrlError::NotAUrl),
            ("https://user@app.example.com/c.json", DocumentUrlError::Userinfo),
            ("https://app.example.com/c.json#x", DocumentUrlError::Fragment),
            ("https://app.example.com/c.json?x", DocumentUrlError::Query),
            ("https://app.example.com:8443/c.json", DocumentUrlError::Port),
            ("https://app.example.com/", DocumentUrlError::NoPath),
            ("https://app.example.com", DocumentUrlError::NoPath),
            ("https://app.example.com:443/c.json", DocumentUrlError::NotPlain),
            ("https://APP.example.com/c.json", DocumentUrlError::NotPlain),
            ("HTTPS://app.example.com/c.json", DocumentUrlError::NotPlain),
            ("https:app.example.com/c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com\\c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com/a/../c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com/a/%2e%2e/c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com/./c.json", DocumentUrlError::NotPlain),
            ("https://app.example.com/c\t.json", DocumentUrlError::NotPlain),
            (" https://app.example.com/c.json", DocumentUrlError::NotPlain),
            ("https://bücher.example/c.json", DocumentUrlError::NotPlain),
            ("https://intranet/c.json", DocumentUrlError::Host),
            ("https://app.example.com./c.json", DocumentUrlError::Host),
            ("https://10.0.0.1/c.json", DocumentUrlError::Host),
            ("https://[::1]/c.json", DocumentUrlError::Host),
            ("http://127.0.0.1:8080/c.json", DocumentUrlError::Scheme),
        ] {
            assert_eq!(DocumentUrl::parse(bad, Reach::Public), Some(Err(reason)), "{bad}");
        }
        let long = format!("https://app.example.com/{}", "x".repeat(LONGEST));
        assert_eq!(DocumentUrl::parse(&long, Reach::Public), Some(Err(DocumentUrlError::TooLong)));
    }

    #[test]
    fn a_stand_in_on_this_machine_is_let_through_only_where_it_is_asked_for() {
        let local = "http://127.0.0.1:8080/c.json";
        assert!(DocumentUrl::parse(local, Reach::ThisMachineToo).unwrap().is_ok());
        for other in ["http://app.example.com/c.json", "http://10.0.0.1/c.json", "https://app.example.com:1/c.json"] {
            assert!(DocumentUrl::parse(other, Reach::ThisMachineToo).unwrap().is_err(), "{other}");
        }
    }
}
