//! Resources (RFC 8707): what a token is for. Each MCP endpoint is one, and one canonical URI of it is stored.

use crate::{settings::PublicUrl, slug::Slug};

/// An MCP endpoint of this server. Projects with production and draft will be further variants.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum McpResource {
    /// `/mcp`: the person picks the workspace at consent.
    Server,
    /// `/mcp/{workspace}`: locked to one workspace.
    Workspace(Slug),
}

/// `resource` names nothing of ours (RFC 8707, section 2).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("resource {sent:?} is not served here: use {expected}")]
pub struct InvalidTarget {
    pub sent: String,
    pub expected: String,
}

impl McpResource {
    /// The path of the endpoint: `/mcp` or `/mcp/{workspace}`.
    pub fn path(&self) -> String {
        match self {
            Self::Server => "/mcp".to_owned(),
            Self::Workspace(slug) => format!("/mcp/{slug}"),
        }
    }

    /// The canonical URI: what metadata says, what is stored, what a token's audience is.
    pub fn uri(&self, public_url: &PublicUrl) -> String {
        public_url.join(&self.path())
    }

    /// Where the resource's metadata lies (RFC 9728, section 3.1).
    pub fn metadata_url(&self, public_url: &PublicUrl) -> String {
        public_url.join(&format!("/.well-known/oauth-protected-resource{}", self.path()))
    }

    /// Reads the path of an endpoint, with or without a slash at the end.
    pub fn from_path(path: &str) -> Option<Self> {
        let path = path.strip_suffix('/').unwrap_or(path);
        match path.strip_prefix("/mcp")? {
            "" => Some(Self::Server),
            rest => rest.strip_prefix('/')?.parse().ok().map(Self::Workspace),
        }
    }

    /// Whether the `resource` of a token request, where one was `sent`, is what was granted, in any of its spellings (RFC 8707,
    /// section 2.2).
    pub fn check(public_url: &PublicUrl, sent: Option<&str>, granted: &str) -> Result<(), InvalidTarget> {
        let Some(sent) = sent else { return Ok(()) };
        if Self::parse(public_url, sent)?.uri(public_url) == granted {
            Ok(())
        } else {
            Err(InvalidTarget { sent: sent.to_owned(), expected: granted.to_owned() })
        }
    }

    /// What a request asks for, whose `resource` may be left out or repeat (RFC 8707, section 2): a token is for one resource.
    pub fn requested<'a>(
        public_url: &PublicUrl,
        sent: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, InvalidTarget> {
        Self::agreed(public_url, sent)?.map_or(Ok(Self::Server), |sent| Self::parse(public_url, sent))
    }

    /// The `resource` that speaks for all of one request: several have to name the same resource of ours. A single one is
    /// still to be judged.
    pub fn agreed<'a>(
        public_url: &PublicUrl,
        sent: impl IntoIterator<Item = &'a str>,
    ) -> Result<Option<&'a str>, InvalidTarget> {
        let mut sent = sent.into_iter();
        let Some(first) = sent.next() else { return Ok(None) };
        for other in sent {
            let meant = Self::parse(public_url, first)?;
            if Self::parse(public_url, other)? != meant {
                return Err(InvalidTarget { sent: other.to_owned(), expected: meant.uri(public_url) });
            }
        }
        Ok(Some(first))
    }

    /// Reads a `resource` parameter. Clients send what the person typed or what a URL printer made of it, so a slash at
    /// the end, the bare origin and upper case in scheme and host mean the same resource.
    pub fn parse(public_url: &PublicUrl, sent: &str) -> Result<Self, InvalidTarget> {
        let refuse =
            || InvalidTarget { sent: sent.chars().take(200).collect(), expected: Self::Server.uri(public_url) };
        let origin_length = public_url.as_str().len();
        let (origin, path) = sent.split_at_checked(origin_length).ok_or_else(refuse)?;
        if !origin.eq_ignore_ascii_case(public_url.as_str()) {
            return Err(refuse());
        }
        match path {
            "" | "/" => Ok(Self::Server),
            path => Self::from_path(path).ok_or_else(refuse),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spellings_of_one_resource_are_one() {
        let public_url: PublicUrl = "https://visage.example".parse().unwrap();
        for sent in [
            "https://visage.example/mcp",
            "https://visage.example/mcp/",
            "https://visage.example",
            "https://visage.example/",
            "HTTPS://Visage.Example/mcp",
        ] {
            assert_eq!(McpResource::parse(&public_url, sent), Ok(McpResource::Server), "{sent}");
        }
        assert_eq!(
            McpResource::parse(&public_url, "https://visage.example/mcp/babbage-labs")
                .map(|resource| resource.uri(&public_url)),
            Ok("https://visage.example/mcp/babbage-labs".to_owned())
        );
        for sent in [
            "",
            "https://visage.example.evil.example/mcp",
            "https://visage.example/mcpx",
            "https://visage.example/v1",
            "https://visage.example/mcp//",
            "https://visage.example/mcp?x",
            "http://visage.example/mcp",
            "https://visage.examplé",
        ] {
            assert!(McpResource::parse(&public_url, sent).is_err(), "{sent}");
        }
    }
}
