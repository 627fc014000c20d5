//! What a person came for before they had to sign in. Only an identifier or one of our own places travels, never an address,
//! so it can't lead astray.

use domain::{id::AuthorizationRequestId, slug::Slug};

use crate::{
    components::{
        frame::{Place, ServerPlace},
        publisher::named_app,
    },
    error::PageError,
    request::query,
};
use usecases::{
    Deps,
    access::session::Viewer,
    authorize::{DescribeError, SignInAsked},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Onward {
    Start,
    Consent(AuthorizationRequestId),
    Workspace(Slug, Place),
    Server(ServerPlace),
}

impl Onward {
    /// From the address of the sign-in or sign-up page.
    pub fn asked_for() -> Self {
        query("request").or_else(|| query("to")).map_or(Self::Start, |text| Self::read(&text))
    }

    /// From a hidden field, or the path of a page. What is neither leads to the start.
    pub fn read(text: &str) -> Self {
        if let Ok(request) = text.parse() {
            return Self::Consent(request);
        }
        if let Some(place) = ServerPlace::at(text) {
            return Self::Server(place);
        }
        let Some((slug, place)) = text.strip_prefix("/w/").map(|rest| rest.split_once('/').unwrap_or((rest, "")))
        else {
            return Self::Start;
        };
        match (slug.parse(), Place::at(place)) {
            (Ok(slug), Some(place)) => Self::Workspace(slug, place),
            _ => Self::Start,
        }
    }

    /// For a hidden field.
    pub fn text(&self) -> String {
        match self {
            Self::Start => String::new(),
            Self::Consent(request) => request.to_string(),
            Self::Workspace(slug, place) => place.path(slug.as_str()),
            Self::Server(place) => place.path().to_owned(),
        }
    }

    /// The page itself.
    pub fn path(&self) -> String {
        match self {
            Self::Start => "/".to_owned(),
            Self::Consent(request) => format!("/consent/{request}"),
            Self::Workspace(slug, place) => place.path(slug.as_str()),
            Self::Server(place) => place.path().to_owned(),
        }
    }

    /// The sign-in or sign-up page, with this behind it.
    pub fn behind(&self, page: &str) -> String {
        match self {
            Self::Start => page.to_owned(),
            Self::Consent(request) => format!("{page}?request={request}"),
            Self::Workspace(slug, place) => format!("{page}?to={}", place.path(slug.as_str())),
            Self::Server(place) => format!("{page}?to={}", place.path()),
        }
    }

    /// What it asks of the sign-in on the way to it.
    pub async fn sign_in_asked(&self, deps: &Deps, viewer: Option<&Viewer>) -> Result<SignInAsked, PageError> {
        let Self::Consent(request) = self else { return Ok(SignInAsked::default()) };
        usecases::authorize::sign_in_asked(deps, viewer, *request).await.map_err(|error| PageError::ours(&error))
    }

    /// What to tell whoever has to sign in on the way to a consent: which app they are connecting.
    pub async fn purpose(&self, deps: &Deps) -> Option<String> {
        let Self::Consent(request) = self else { return None };
        Some(match usecases::authorize::who_asks(deps, *request).await {
            Ok((publisher, claimed)) => format!("Then you go on connecting {}.", named_app(&publisher, &claimed)),
            Err(DescribeError::Gone) => {
                "Your app’s request has expired or was answered already. Sign in, then connect once more from your app."
                    .to_owned()
            }
            // The consent page says what is the matter.
            Err(DescribeError::SignInAgain | DescribeError::Store(_)) => {
                "Then you go on connecting your app.".to_owned()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_ours_leads_on_after_signing_in() {
        let id = "01933b5e-8a00-7000-8000-000000000001";
        for (text, path, behind) in [
            (id, format!("/consent/{id}"), format!("/sign-in?request={id}")),
            ("/server/rules", "/server/rules".into(), "/sign-in?to=/server/rules".into()),
            ("/w/engines", "/w/engines".into(), "/sign-in?to=/w/engines".into()),
            ("/w/engines/usage", "/w/engines/usage".into(), "/sign-in?to=/w/engines/usage".into()),
        ] {
            let onward = Onward::read(text);
            assert_eq!((onward.path(), onward.behind("/sign-in")), (path, behind));
            assert_eq!(Onward::read(&onward.text()), onward);
        }
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "../x",
            "javascript:alert(1)",
            "/w//evil.example",
            "/w/a/../b",
            "/w/a/b",
            "/server",
            "/server/clients/../x",
        ] {
            assert_eq!(Onward::read(elsewhere), Onward::Start, "{elsewhere}");
        }
    }
}
