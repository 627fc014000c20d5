//! A browser before anybody has signed in: what ties the forms of signing in and up to it.

use crate::Deps;
use domain::{
    secret::{Secret, SecretKind},
    session::FormToken,
};

/// A secret for the browser's cookie. No row knows it, so it opens nothing; it only says which browser asked for a form.
pub fn begin_visit(deps: &Deps) -> Secret {
    Secret::generate(SecretKind::Session, &*deps.entropy)
}

/// What the forms of the visit with this cookie carry; none for a cookie that is not ours.
pub fn visit_token(cookie: &str) -> Option<FormToken> {
    Secret::parse_as(SecretKind::Session, cookie).ok().map(|visit| FormToken::of(&visit))
}
