//! What a person came for before they had to sign in: an authorization request, by its identifier, or one of our own pages. The
//! router's own list says which pages there are, so nothing that is written into an address leads elsewhere.

use std::sync::Arc;

use domain::id::AuthorizationRequestId;
use leptos::prelude::use_context;

use crate::{
    components::publisher::named_app,
    error::PageError,
    request::{query, raw_query},
};
use usecases::{
    Deps,
    access::session::Viewer,
    authorize::{DescribeError, SignInAsked},
};

/// Longer questions are left behind, and the page is shown without them.
const LONGEST_QUERY: usize = 1_000;

/// Pages on the way to another one: nobody comes for them.
const ON_THE_WAY: [&str; 3] = ["sign-in", "sign-up", "consent"];

/// The pages that there are, as the router lists them: `/w/{workspace}/usage`.
#[derive(Debug, Clone)]
pub struct OwnPages(Arc<[Vec<Option<String>>]>);

impl OwnPages {
    pub fn listed<'a>(paths: impl IntoIterator<Item = &'a str>) -> Self {
        let segments = |path: &'a str| path.trim_matches('/').split('/');
        // What the address fills in is written in braces.
        let pattern = |path| segments(path).map(|segment| (!segment.starts_with('{')).then(|| segment.to_owned()));
        Self(paths.into_iter().map(|path| pattern(path).collect()).collect())
    }

    fn hold(&self, path: &str) -> bool {
        let Some(path) = path.strip_prefix('/') else { return false };
        let segments: Vec<&str> = path.split('/').collect();
        let is_plain = segments.iter().all(|segment| {
            !segment.is_empty()
                && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        });
        let is_on_the_way = segments.first().is_some_and(|first| ON_THE_WAY.contains(first));
        is_plain
            && !is_on_the_way
            && self.0.iter().any(|pattern| {
                pattern.len() == segments.len()
                    && pattern.iter().zip(&segments).all(|(own, sent)| own.as_ref().is_none_or(|own| own == sent))
            })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Onward {
    Start,
    Consent(AuthorizationRequestId),
    /// A page of ours, with its query.
    Page(String),
}

impl Onward {
    /// From the address of the sign-in or sign-up page.
    pub fn asked_for() -> Self {
        let asked = query("request").or_else(|| own_parameter(&raw_query(), "to"));
        asked.map_or(Self::Start, |text| Self::read(&text))
    }

    /// From a hidden field, or the path of a page. What is neither leads to the start.
    pub fn read(text: &str) -> Self {
        use_context::<OwnPages>().map_or(Self::Start, |pages| Self::among(&pages, text))
    }

    fn among(pages: &OwnPages, text: &str) -> Self {
        if let Ok(request) = text.parse() {
            return Self::Consent(request);
        }
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        if !pages.hold(path) {
            return Self::Start;
        }
        let is_kept = !query.is_empty() && query.len() <= LONGEST_QUERY && query.bytes().all(may_stand_in_query);
        Self::Page(if is_kept { format!("{path}?{query}") } else { path.to_owned() })
    }

    /// For a hidden field.
    pub fn text(&self) -> String {
        match self {
            Self::Start => String::new(),
            Self::Consent(request) => request.to_string(),
            Self::Page(path) => path.clone(),
        }
    }

    /// The page itself.
    pub fn path(&self) -> String {
        match self {
            Self::Start => "/".to_owned(),
            Self::Consent(request) => format!("/consent/{request}"),
            Self::Page(path) => path.clone(),
        }
    }

    /// The sign-in or sign-up page, with this behind it.
    pub fn behind(&self, page: &str) -> String {
        match self {
            Self::Start => page.to_owned(),
            Self::Consent(request) => format!("{page}?request={request}"),
            Self::Page(path) => format!("{page}?to={}", encoded(path)),
        }
    }

    /// What it asks of the sign-in on the way to it.
    pub async fn sign_in_asked(&self, deps: &Deps, viewer: Option<&Viewer>) -> Result<SignInAsked, PageError> {
        let Self::Consent(request) = self else { return Ok(SignInAsked::default()) };
        usecases::authorize::sign_in_asked(deps, viewer, *request).await.map_err(|error| PageError::ours(&error))
    }

    /// What to tell whoever has to sign in on the way to a consent: which app they are connecting. Where the request is over
    /// already, the consent page says so at once, and nobody types a password in vain.
    pub async fn purpose(&self, deps: &Deps) -> Result<Option<String>, PageError> {
        let Self::Consent(request) = self else { return Ok(None) };
        match usecases::authorize::who_asks(deps, *request).await {
            Ok((publisher, claimed)) => {
                Ok(Some(format!("Then you go on connecting {}.", named_app(&publisher, &claimed))))
            }
            Err(DescribeError::Gone | DescribeError::Refused(_)) => Err(PageError::SeeOther(self.path())),
            // The consent page says what is the matter.
            Err(DescribeError::SignInAgain | DescribeError::Store(_)) => {
                Ok(Some("Then you go on connecting your app.".to_owned()))
            }
        }
    }
}

/// RFC 3986, section 3.4: nothing that ends a header, an address or a query.
const fn may_stand_in_query(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'-' | b'.'
                | b'_'
                | b'~'
                | b'!'
                | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
                | b'/'
                | b'?'
                | b'%'
        )
}

/// As the value of a parameter.
fn encoded(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    path.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The value of a parameter that was written by [`encoded`]. Decoded once: a query within it stays as it was sent.
fn own_parameter(query: &str, name: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    let mut rest = value.split('%');
    let mut bytes = rest.next()?.as_bytes().to_vec();
    for escape in rest {
        let (digits, plain) = escape.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(plain.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_sign_in_page_is_read_back_to_the_letter() {
        for path in
            ["/account", "/w/engines/usage?days=30", "/connect/doctor?url=https%3A%2F%2Fa.example%2Fmcp%3Fx&y=%25"]
        {
            let behind = Onward::Page(path.to_owned()).behind("/sign-in");
            let (_, query) = behind.split_once('?').unwrap();
            assert_eq!(own_parameter(&format!("cookies=off&{query}"), "to").as_deref(), Some(path));
        }
        for broken in ["", "to", "too=/account", "to=%", "to=%4", "to=%zz", "to=%ff"] {
            assert_eq!(own_parameter(broken, "to"), None, "{broken}");
        }
    }

    fn pages() -> OwnPages {
        OwnPages::listed([
            "/",
            "/sign-in",
            "/consent/{request}",
            "/account",
            "/connect/doctor",
            "/server/rules",
            "/w/{workspace}",
            "/w/{workspace}/usage",
            "/w/{workspace}/apps/{grant}",
        ])
    }

    #[test]
    fn only_what_is_ours_leads_on_after_signing_in() {
        let id = "01933b5e-8a00-7000-8000-000000000001";
        let grant = format!("/w/engines/apps/{id}");
        for (text, path, behind) in [
            (id, format!("/consent/{id}"), format!("/sign-in?request={id}")),
            ("/server/rules", "/server/rules".into(), "/sign-in?to=/server/rules".into()),
            ("/w/engines", "/w/engines".into(), "/sign-in?to=/w/engines".into()),
            (&grant, grant.clone(), format!("/sign-in?to={grant}")),
            (
                "/w/engines/usage?days=30",
                "/w/engines/usage?days=30".into(),
                "/sign-in?to=/w/engines/usage%3Fdays%3D30".into(),
            ),
            (
                "/connect/doctor?url=https%3A%2F%2Fa.example%2Fmcp",
                "/connect/doctor?url=https%3A%2F%2Fa.example%2Fmcp".into(),
                "/sign-in?to=/connect/doctor%3Furl%3Dhttps%253A%252F%252Fa.example%252Fmcp".into(),
            ),
            ("/account?x=\r\nSet-Cookie: a=b", "/account".into(), "/sign-in?to=/account".into()),
        ] {
            let onward = Onward::among(&pages(), text);
            assert_eq!((onward.path(), onward.behind("/sign-in")), (path, behind));
            assert_eq!(Onward::among(&pages(), &onward.text()), onward);
        }
    }

    #[test]
    fn no_address_leads_anywhere_else() {
        for elsewhere in [
            "",
            "/",
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "%2f%2fevil.example",
            "/%2f%2fevil.example",
            "/%5cevil.example",
            "../x",
            "javascript:alert(1)",
            "/w//evil.example",
            "/w/a/../b",
            "/w/../usage",
            "/w/a/usage/",
            "/w/%2e%2e",
            "/w/evil.example",
            "/w/a\u{0}",
            "/w/a\r\nLocation: https://evil.example",
            "/\t/evil.example",
            " /account",
            "/account ",
            "/account@evil.example",
            "/account#x",
            "/w/a/b",
            "/server",
            "/server/rules/../x",
            "/sign-in",
            "/consent/x",
            "?/account",
        ] {
            assert_eq!(Onward::among(&pages(), elsewhere), Onward::Start, "{elsewhere}");
        }
    }
}
