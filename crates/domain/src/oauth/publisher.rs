//! Who a client is shown to be, and on what evidence. A name is a claim; only where the answer is sent is evidence.

use super::{
    client::{Client, Registration},
    redirect_uri::{Destination, RedirectUri},
};
use serde::{Deserialize, Serialize};

/// What the consent screen and the apps page say of a client's identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Publisher {
    /// The redirect leads to an address that only this publisher answers.
    Verified { name: String, host: String },
    /// Entered by the operator of this server.
    PreRegistered { host: Option<String> },
    /// A web server nobody vouches for.
    UnknownHost { host: String },
    /// A program on somebody's computer: any program there could say it is this one.
    Loopback,
    /// An app reached through a private scheme: any app could claim the scheme.
    PrivateScheme { scheme: String },
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
    ("Perplexity", "www.perplexity.ai", &["/rest/connections/oauth_callback"]),
    ("Microsoft Copilot", "teams.microsoft.com", &["/api/platform/v1.0/oAuthRedirect"]),
];

/// Tells who is asking, from the redirect URI that the answer will go to.
pub fn identify(client: &Client, redirect_uri: &RedirectUri) -> Publisher {
    match redirect_uri.destination() {
        Destination::Loopback => Publisher::Loopback,
        Destination::PrivateUse { scheme } => Publisher::PrivateScheme { scheme },
        Destination::Web { host } => match known(redirect_uri.as_str(), &host) {
            Some(name) => Publisher::Verified { name: name.to_owned(), host },
            None if client.registration == Registration::PreRegistered => Publisher::PreRegistered { host: Some(host) },
            None => Publisher::UnknownHost { host },
        },
    }
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
    use crate::{
        clock::Timestamp,
        oauth::{
            client::{AuthMethod, ClientId, Standing},
            signing::SigningAlgorithm,
        },
    };

    fn publisher(uri: &str) -> Publisher {
        let redirect_uri = RedirectUri::parse(uri).unwrap();
        let client = Client {
            id: ClientId("c".into()),
            name: "Claude".into(),
            redirect_uris: vec![redirect_uri.clone()],
            auth_method: AuthMethod::None,
            secret_hash: None,
            keys: None,
            identity_token_algorithm: SigningAlgorithm::Es256,
            may_refresh: true,
            may_introspect: false,
            registration: Registration::Dynamic,
            registration_token_hash: None,
            fingerprint: None,
            document: None,
            standing: Standing::Allowed,
            created_at: Timestamp::from_millis(0),
            last_seen_at: None,
        };
        identify(&client, &redirect_uri)
    }

    #[test]
    fn only_a_known_address_is_verified_whatever_the_name_says() {
        assert_eq!(
            publisher("https://claude.ai/api/mcp/auth_callback"),
            Publisher::Verified { name: "Claude".into(), host: "claude.ai".into() }
        );
        assert!(matches!(publisher("https://chatgpt.com/connector/oauth/abc"), Publisher::Verified { .. }));
        assert!(matches!(
            publisher("https://claude.ai.evil.example/api/mcp/auth_callback"),
            Publisher::UnknownHost { .. }
        ));
        assert!(matches!(publisher("https://claude.ai/other"), Publisher::UnknownHost { .. }));
        assert!(matches!(publisher("https://chatgpt.com/connector/oauth/%2e%2e/x"), Publisher::UnknownHost { .. }));
        assert!(matches!(publisher("https://chatgpt.com/connector/oauth/a?x=b"), Publisher::UnknownHost { .. }));
        assert_eq!(publisher("http://localhost:3000/callback"), Publisher::Loopback);
        assert_eq!(
            publisher("cursor://anysphere.cursor-mcp/oauth/callback"),
            Publisher::PrivateScheme { scheme: "cursor".into() }
        );
    }
}
