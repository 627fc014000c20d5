//! Copies of the well-known clients' metadata documents, for when the documents can't be fetched: their hosts answer
//! servers in data centres with a challenge for browsers.

use super::{
    client_document::{self, DocumentUrl},
    client_metadata::ClientMetadata,
};

/// A document whose publisher is known, with the copy that came with this program.
struct KnownClient {
    url: &'static str,
    /// As [`super::publisher`] names it.
    publisher: &'static str,
    document: &'static str,
}

const KNOWN: [KnownClient; 7] = [
    KnownClient {
        url: "https://claude.ai/oauth/mcp-oauth-client-metadata",
        publisher: "Claude",
        document: include_str!("known_clients/claude.json"),
    },
    KnownClient {
        url: "https://claude.ai/oauth/claude-code-client-metadata",
        publisher: "Claude",
        document: include_str!("known_clients/claude_code.json"),
    },
    KnownClient {
        url: "https://chatgpt.com/oauth/client.json",
        publisher: "ChatGPT",
        document: include_str!("known_clients/chatgpt.json"),
    },
    KnownClient {
        url: "https://chatgpt.com/oauth/codex/client.json",
        publisher: "ChatGPT",
        document: include_str!("known_clients/codex.json"),
    },
    KnownClient {
        url: "https://vscode.dev/oauth/client-metadata.json",
        publisher: "Visual Studio Code",
        document: include_str!("known_clients/visual_studio_code.json"),
    },
    KnownClient {
        url: "https://zed.dev/oauth/client-metadata.json",
        publisher: "Zed",
        document: include_str!("known_clients/zed.json"),
    },
    KnownClient {
        url: "https://opencode.ai/oauth/opencode/client.json",
        publisher: "OpenCode",
        document: include_str!("known_clients/opencode.json"),
    },
];

/// What the copy of a well-known document says.
pub fn pinned(url: &DocumentUrl) -> Option<ClientMetadata> {
    let known = KNOWN.iter().find(|known| known.url == url.as_str())?;
    client_document::read(url, known.document.as_bytes()).ok()
}

/// Whose document this identifier names, if we know. ChatGPT has one for each connector, besides the one for all: of those no
/// copy is kept, since anybody could make up one more.
pub fn publisher(client_id: &str) -> Option<&'static str> {
    let known = KNOWN.iter().find(|known| known.url == client_id).map(|known| known.publisher);
    known.or_else(|| {
        let connector = client_id.strip_prefix("https://chatgpt.com/oauth/")?.strip_suffix("/client.json")?;
        let is_one_name = !connector.is_empty()
            && connector.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        is_one_name.then_some("ChatGPT")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::client_document::Reach;

    #[test]
    fn every_pinned_copy_is_a_document_that_would_be_accepted() {
        for known in &KNOWN {
            let url = DocumentUrl::parse(known.url, Reach::Public).unwrap().unwrap();
            let metadata = client_document::read(&url, known.document.as_bytes());
            assert!(metadata.is_ok_and(|metadata| metadata.may_refresh), "{}", known.url);
            assert_eq!(publisher(known.url), Some(known.publisher));
            assert!(pinned(&url).is_some());
        }
    }

    #[test]
    fn a_document_is_known_by_its_exact_address() {
        assert_eq!(publisher("https://chatgpt.com/oauth/7f3a-b_2/client.json"), Some("ChatGPT"));
        for other in [
            "https://claude.ai/oauth/mcp-oauth-client-metadata/",
            "https://claude.ai.evil.example/oauth/mcp-oauth-client-metadata",
            "https://claude.ai/oauth/something-else",
            "https://chatgpt.com/oauth/a/b/client.json",
            "https://chatgpt.com/oauth/%2e%2e/client.json",
            "https://chatgpt.com/share/client.json",
        ] {
            assert_eq!(publisher(other), None, "{other}");
        }
    }
}
