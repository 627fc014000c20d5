//! Who a client is shown to be, and on what evidence. A name is a claim; evidence is where the answer is sent, and whose
//! host served the client's document.

use super::{
    client::{Client, Registration},
    client_document::{DocumentUrl, Reach},
    known_clients,
    redirect_uri::{Destination, RedirectUri},
};
use serde::{Deserialize, Serialize};

/// What the consent screen and the apps page say of a client's identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Publisher {
    /// The answer goes to an address that only this publisher answers.
    Verified { name: String, evidence: Evidence },
    /// Entered by the operator of this server.
    PreRegistered { host: Option<String> },
    /// Its document was read at this host. That proves the host, for which nobody vouches.
    Documented {
        host: String,
        /// Where the answer goes, if that is another host.
        sends_to: Option<String>,
    },
    /// A web server nobody vouches for.
    UnknownHost { host: String },
    /// A program on somebody's computer: any program there could say it is this one, and name the same document.
    Loopback { document: Option<String> },
    /// An app reached through a private scheme: any app could claim the scheme, and name the same document.
    PrivateScheme { scheme: String, document: Option<String> },
}

/// What proves a publisher.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// The publisher's own host served the client's document, and the answer goes to an address of the publisher.
    Document { host: String },
    /// The answer goes to an address of the publisher.
    Redirect { host: String },
}

impl Evidence {
    pub fn host(&self) -> &str {
        match self {
            Self::Document { host } | Self::Redirect { host } => host,
        }
    }
}

impl Publisher {
    /// The web server that a browser may only be sent to with its person's consent (RFC 9700, section 4.11.2): anybody may
    /// have registered it, to make our address lead to theirs. None where somebody vouches for it, or an app of the person's
    /// own waits for the answer.
    pub fn stranger(&self) -> Option<&str> {
        match self {
            Self::Documented { host, sends_to } => Some(sends_to.as_ref().unwrap_or(host)),
            Self::UnknownHost { host } => Some(host),
            Self::Verified { .. } | Self::PreRegistered { .. } | Self::Loopback { .. } | Self::PrivateScheme { .. } => {
                None
            }
        }
    }
}

/// Addresses whose servers belong to one publisher, as their public documentation states them.
const KNOWN: &[(&str, &str, &[&str])] = &[
    ("Claude", "claude.ai", &["/api/mcp/auth_callback"]),
    ("Claude", "claude.com", &["/api/mcp/auth_callback"]),
    (
        "ChatGPT",
        "chatgpt.com",
        &[
            "/connector_platform_oauth_redirect",
            "/connector/oauth/",
            "/backend-api/aip/connectors/links/oauth/callback",
        ],
    ),
    ("Cursor", "www.cursor.com", &["/agents/mcp/oauth/callback"]),
    ("Visual Studio Code", "vscode.dev", &["/redirect"]),
    ("Visual Studio Code", "insiders.vscode.dev", &["/redirect"]),
    ("Antigravity", "antigravity.google", &["/oauth-callback"]),
    ("n8n", "oauth.n8n.cloud", &["/oauth2/callback"]),
    ("Perplexity", "www.perplexity.ai", &["/rest/connections/oauth_callback"]),
    ("Microsoft Copilot", "teams.microsoft.com", &["/api/platform/v1.0/oAuthRedirect"]),
];

/// Tells who is asking, from the redirect URI that the answer will go to and the document that the client names.
pub fn identify(client: &Client, redirect_uri: &RedirectUri) -> Publisher {
    let document = document_host(client);
    let host = match redirect_uri.destination() {
        Destination::Loopback => return Publisher::Loopback { document },
        Destination::PrivateUse { scheme } => return Publisher::PrivateScheme { scheme, document },
        Destination::Web { host } => host,
    };
    match (known(redirect_uri.as_str(), &host), document) {
        (Some(name), None) => Publisher::Verified { name: name.to_owned(), evidence: Evidence::Redirect { host } },
        (Some(name), Some(document)) if known_clients::publisher(&client.id.0) == Some(name) => {
            // The copy that came with this program was not served by anybody.
            let was_served = client.document.is_some_and(|copy| !copy.is_pinned);
            let evidence = if was_served { Evidence::Document { host: document } } else { Evidence::Redirect { host } };
            Publisher::Verified { name: name.to_owned(), evidence }
        }
        (_, Some(document)) => {
            let sends_to = (document != host).then_some(host);
            Publisher::Documented { host: document, sends_to }
        }
        (None, None) if client.registration == Registration::PreRegistered => {
            Publisher::PreRegistered { host: Some(host) }
        }
        (None, None) => Publisher::UnknownHost { host },
    }
}

/// Like [`identify`], by a redirect URI as it is kept with a grant. What can't be read proves nothing.
pub fn identify_at(client: &Client, redirect_uri: &str) -> Publisher {
    RedirectUri::parse(redirect_uri)
        .map_or(Publisher::Loopback { document: document_host(client) }, |redirect_uri| identify(client, &redirect_uri))
}

/// The host of the document that the client's identifier names.
fn document_host(client: &Client) -> Option<String> {
    let is_documented = client.registration == Registration::MetadataDocument;
    let url = DocumentUrl::parse(&client.id.0, Reach::ThisMachineToo).filter(|_| is_documented)?.ok()?;
    Some(url.host().to_owned())
}

fn known(uri: &str, host: &str) -> Option<&'static str> {
    let path = uri.strip_prefix("https://")?.strip_prefix(host)?;
    KNOWN.iter().find_map(|(name, known_host, paths)| {
        let matches = *known_host == host
            && paths.iter().any(|known| {
                let rest = path.strip_prefix(known);
                rest.is_some_and(|rest| if known.ends_with('/') { is_plain_name(rest) } else { rest.is_empty() })
            });
        matches.then_some(*name)
    })
}

/// One segment that no URL parser reads as anything else: no dots, encoded or not, no query.
fn is_plain_name(segment: &str) -> bool {
    !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Timestamp, oauth::client::DocumentCopy};

    fn publisher(uri: &str) -> Publisher {
        identify_at(&Client::public("c", Registration::Dynamic, &[uri]), uri)
    }

    fn documented(id: &str, is_pinned: bool, uri: &str) -> Publisher {
        let now = Timestamp::from_millis(0);
        let document = Some(DocumentCopy { fetched_at: now, fresh_until: now, is_pinned });
        identify_at(&Client { document, ..Client::public(id, Registration::MetadataDocument, &[uri]) }, uri)
    }

    fn verified(name: &str, evidence: Evidence) -> Publisher {
        Publisher::Verified { name: name.into(), evidence }
    }

    #[test]
    fn only_a_known_address_is_verified_whatever_the_name_says() {
        for (uri, name, host) in [
            ("https://claude.ai/api/mcp/auth_callback", "Claude", "claude.ai"),
            ("https://chatgpt.com/connector/oauth/abc", "ChatGPT", "chatgpt.com"),
            ("https://antigravity.google/oauth-callback", "Antigravity", "antigravity.google"),
        ] {
            assert_eq!(publisher(uri), verified(name, Evidence::Redirect { host: host.into() }));
        }
        for uri in [
            "https://claude.ai.evil.example/api/mcp/auth_callback",
            "https://claude.ai/other",
            "https://chatgpt.com/connector/oauth/%2e%2e/x",
            "https://chatgpt.com/connector/oauth/a?x=b",
        ] {
            assert!(matches!(publisher(uri), Publisher::UnknownHost { .. }), "{uri}");
        }
        assert_eq!(publisher("http://localhost:3000/callback"), Publisher::Loopback { document: None });
        assert_eq!(
            publisher("cursor://anysphere.cursor-mcp/oauth/callback"),
            Publisher::PrivateScheme { scheme: "cursor".into(), document: None }
        );
    }

    #[test]
    fn a_publishers_own_document_is_evidence_once_it_was_served() {
        let id = "https://claude.ai/oauth/mcp-oauth-client-metadata";
        let host = || "claude.ai".to_owned();
        let callback = "https://claude.ai/api/mcp/auth_callback";
        assert_eq!(documented(id, false, callback), verified("Claude", Evidence::Document { host: host() }));
        assert_eq!(documented(id, true, callback), verified("Claude", Evidence::Redirect { host: host() }));
        let elsewhere = documented(id, false, "https://chatgpt.com/connector_platform_oauth_redirect");
        assert_eq!(elsewhere, Publisher::Documented { host: host(), sends_to: Some("chatgpt.com".into()) });
    }

    #[test]
    fn an_unknown_document_proves_its_host_and_nothing_more() {
        let id = "https://app.example/client.json";
        let host = || "app.example".to_owned();
        assert_eq!(
            documented(id, false, "https://app.example/callback"),
            Publisher::Documented { host: host(), sends_to: None }
        );
        for elsewhere in ["other.example", "app.example.evil.example", "claude.ai"] {
            assert_eq!(
                documented(id, false, &format!("https://{elsewhere}/api/mcp/auth_callback")),
                Publisher::Documented { host: host(), sends_to: Some(elsewhere.into()) }
            );
        }
    }

    #[test]
    fn no_document_verifies_what_runs_on_somebodys_computer() {
        let id = "https://claude.ai/oauth/claude-code-client-metadata";
        for is_pinned in [false, true] {
            assert_eq!(
                documented(id, is_pinned, "http://localhost:7000/callback"),
                Publisher::Loopback { document: Some("claude.ai".into()) }
            );
            assert_eq!(
                documented(id, is_pinned, "claude://callback"),
                Publisher::PrivateScheme { scheme: "claude".into(), document: Some("claude.ai".into()) }
            );
        }
    }
}
