//! Clients' logos: which addresses may name one, and who has to vouch for a client before its logo is shown.

use super::{
    client::{Client, Registration},
    client_document::Reach,
    publisher::Publisher,
};
use crate::avatar::{AvatarSize, PhotoId};
use serde::Serialize;
use std::fmt;
use url::{Host, Url};

/// In bytes. A logo is kept under its address, and the entries of an index are bounded.
const LONGEST: usize = 1_000;

/// The one size in which a logo is kept: sharp on fine screens wherever it is shown.
pub const LOGO_SIZE: AvatarSize = AvatarSize::API_DEFAULT;

/// `logo_uri` (RFC 7591, section 2) that may be fetched. Browsers are never sent there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct LogoUri(String);

impl LogoUri {
    /// None for whatever is no plain https address of a public host: such a logo is passed over, and harms nobody.
    pub fn parse(text: &str, reach: Reach) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_local = reach == Reach::ThisMachineToo && url.scheme() == "http";
        let is_public = url.scheme() == "https"
            && url.port().is_none()
            && matches!(url.host(), Some(Host::Domain(name)) if name.contains('.') && !name.ends_with('.'));
        let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let text = String::from(url);
        (is_plain && (is_public || is_local) && text.len() <= LONGEST).then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn host(&self) -> String {
        let url = Url::parse(&self.0).ok();
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl fmt::Display for LogoUri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The logo that may be shown for a client. A picture says a name more loudly than the name itself, so it takes somebody who
/// vouches for the client: a verified publisher whose own servers hold the picture, or the operator, who entered it.
pub fn vouched<'a>(client: &'a Client, publisher: &Publisher) -> Option<&'a LogoUri> {
    let logo = client.logo_uri.as_ref()?;
    let is_vouched = match publisher {
        Publisher::PreRegistered { .. } => true,
        Publisher::Verified { .. } if client.registration == Registration::PreRegistered => true,
        Publisher::Verified { evidence, .. } => belongs_to(&logo.host(), evidence.host()),
        // Any program could say it is this one, or nobody knows the site.
        Publisher::Loopback { .. }
        | Publisher::PrivateScheme { .. }
        | Publisher::Documented { .. }
        | Publisher::UnknownHost { .. } => false,
    };
    is_vouched.then_some(logo)
}

/// Where pages load a kept logo from: a path of our own.
pub fn path(picture: &PhotoId) -> String {
    format!("/cdn/{}", picture.path(LOGO_SIZE))
}

/// The publisher's host, the site without its `www.`, or a name below.
fn belongs_to(host: &str, publisher: &str) -> bool {
    let site = publisher.strip_prefix("www.").unwrap_or(publisher);
    host == site || host.strip_suffix(site).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oauth::publisher::identify_at;

    const CLAUDE: &str = "https://claude.ai/api/mcp/auth_callback";

    /// The logo that is shown of a client of this kind, which is sent to `uri`.
    fn shown(id: &str, registration: Registration, uri: &str, logo: &str) -> Option<String> {
        let logo_uri = LogoUri::parse(logo, Reach::Public);
        let client = Client { logo_uri, ..Client::public(id, registration, &[uri]) };
        vouched(&client, &identify_at(&client, uri)).map(ToString::to_string)
    }

    #[test]
    fn a_verified_publisher_shows_a_logo_of_its_own_site() {
        for (uri, logo) in [
            (CLAUDE, "https://claude.ai/logo.png"),
            (CLAUDE, "https://assets.claude.ai/logo.png"),
            ("https://www.cursor.com/agents/mcp/oauth/callback", "https://cursor.com/logo.png"),
        ] {
            assert_eq!(shown("c", Registration::Dynamic, uri, logo), Some(logo.to_owned()), "{logo}");
        }
        let document = "https://claude.ai/oauth/mcp-oauth-client-metadata";
        let logo = "https://claude.ai/logo.png";
        assert_eq!(shown(document, Registration::MetadataDocument, CLAUDE, logo), Some(logo.to_owned()));
    }

    #[test]
    fn the_logo_of_another_site_is_shown_only_where_the_operator_entered_it() {
        for logo in [
            "https://evil.example/claude.png",
            "https://notclaude.ai/claude.png",
            "https://claude.ai.evil.example/claude.png",
            "https://claude.com/claude.png",
        ] {
            assert_eq!(shown("c", Registration::Dynamic, CLAUDE, logo), None, "{logo}");
            for uri in [CLAUDE, "https://intranet.example/callback"] {
                assert_eq!(shown("c", Registration::PreRegistered, uri, logo), Some(logo.to_owned()), "{logo}");
            }
        }
    }

    #[test]
    fn nobody_borrows_a_face_for_a_program_a_private_scheme_or_an_unknown_site() {
        for uri in ["http://localhost:7000/callback", "claude://callback", "https://evil.example/callback"] {
            for logo in ["https://claude.ai/logo.png", "https://evil.example/logo.png"] {
                assert_eq!(shown("c", Registration::Dynamic, uri, logo), None, "{uri}");
                for document in ["https://claude.ai/oauth/claude-code-client-metadata", "https://evil.example/c.json"] {
                    assert_eq!(shown(document, Registration::MetadataDocument, uri, logo), None, "{uri}");
                }
            }
        }
        for uri in ["http://localhost:7000/callback", "tool://callback"] {
            assert_eq!(
                shown("c", Registration::PreRegistered, uri, "https://intranet.example/logo.png"),
                None,
                "{uri}"
            );
        }
    }

    #[test]
    fn a_logo_lies_at_a_plain_https_address_of_a_public_host() {
        let read = |text: &str| LogoUri::parse(text, Reach::Public).map(|uri| uri.to_string());
        for good in ["https://app.example/logo.png", "https://app.example/logo?size=96"] {
            assert_eq!(read(good), Some(good.to_owned()));
        }
        let long = format!("https://app.example/{}", "x".repeat(LONGEST));
        for bad in [
            "",
            "logo.png",
            "http://app.example/logo.png",
            "data:image/png;base64,AAAA",
            "javascript:alert(1)",
            "https://user@app.example/logo.png",
            "https://app.example:8443/logo.png",
            "https://app.example/logo.png#x",
            "https://localhost/logo.png",
            "https://169.254.169.254/logo.png",
            "https://[::1]/logo.png",
            "https://app.example./logo.png",
            &long,
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read("https://app.example/a\"b <c>"), Some("https://app.example/a%22b%20%3Cc%3E".to_owned()));
    }
}
