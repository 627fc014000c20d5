//! The forms of signing in and up, which nobody signed in protects: each carries a token of the browser's own cookie, so that
//! no other site can send one and sign a visitor in to an account that is not theirs.

use cookie::Cookie;
use domain::session::{FormToken, visit_cookie_name};
use leptos::prelude::*;
use usecases::{
    Deps,
    sign_in::{begin_visit, visit_token},
};

use crate::{
    components::notice::{Notice, Tone},
    onward::Onward,
    request::{cookie, own_cookie, query, see_other, set_cookie},
};

/// Behind the address of a form whose browser sent no cookie with it.
const WITHOUT_COOKIE: (&str, &str) = ("cookies", "off");

/// Where a form comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A page that we gave to this browser.
    OurPage,
    /// A page of another visit, or of another site.
    Elsewhere,
    /// Nobody can tell: the browser keeps no cookie of ours.
    WithoutCookie,
}

/// The token for a form on this page. A browser that comes for the first time is given its cookie.
pub fn form_token(deps: &Deps) -> FormToken {
    let is_https = deps.settings.public_url.is_https();
    let name = visit_cookie_name(is_https);
    if let Some(token) = cookie(name).as_deref().and_then(visit_token) {
        return token;
    }
    let visit = begin_visit(deps);
    let cookie: Cookie<'_> = own_cookie(name.to_owned(), visit.expose().to_owned(), "/".to_owned(), is_https);
    set_cookie(&cookie);
    FormToken::of(&visit)
}

/// Where the form that carries this token comes from.
pub fn origin(deps: &Deps, sent: &str) -> Origin {
    let name = visit_cookie_name(deps.settings.public_url.is_https());
    match cookie(name).as_deref().and_then(visit_token) {
        None => Origin::WithoutCookie,
        Some(token) if token.matches(sent) => Origin::OurPage,
        Some(_) => Origin::Elsewhere,
    }
}

/// Back to the form, which says what is missing. It can't be told in a cookie.
pub fn ask_for_cookies(onward: &Onward, page: &str) {
    let (name, value) = WITHOUT_COOKIE;
    let page = onward.behind(page);
    let joint = if page.contains('?') { '&' } else { '?' };
    see_other(&format!("{page}{joint}{name}={value}"));
}

/// On the page that such a form leads back to.
#[component]
pub fn CookiesNeeded() -> impl IntoView {
    let (name, value) = WITHOUT_COOKIE;
    (query(name).as_deref() == Some(value)).then(|| {
        view! {
            <Notice tone=Tone::Bad>
                <p>"Your browser keeps no cookie of this site, and without one nobody can sign in. Allow cookies here, then send the form again."</p>
            </Notice>
        }
    })
}
