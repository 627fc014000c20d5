//! Refuses what another site sends in a visitor's name: every request to a page or server function that may change
//! something must come from our own pages.

use super::dialect::Dialect;
use crate::fault;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use domain::settings::PublicUrl;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use tracing::info;
use usecases::Deps;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Apps may send a person here by a form; nothing is granted by it.
const STARTING_POINT: &str = "/authorize";

pub async fn refuse_cross_site(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_reading
        && Dialect::of(request.uri().path()) == Dialect::Page
        && request.uri().path() != STARTING_POINT
        && !is_own(request.headers(), &deps.settings.public_url)
    {
        info!("Refused a form that another site sent");
        let detail = "This form was sent from another site, so it was refused. Open the page here and send it again.";
        return fault::answer(Dialect::Page, StatusCode::FORBIDDEN, detail, None);
    }
    next.run(request).await
}

/// The browser's own word comes first (Fetch Metadata): it stays true when the referrer policy blanks `Origin`. Browsers that
/// don't give it (to a site without https, above all) send `null` from the consent page, which allows no referrer: there the
/// form's token decides. Callers that say neither are no browsers, and hold no cookie that somebody else could use.
fn is_own(headers: &HeaderMap, public_url: &PublicUrl) -> bool {
    match headers.get(SEC_FETCH_SITE).map(http::HeaderValue::as_bytes) {
        Some(b"same-origin" | b"none") => true,
        Some(_) => false,
        None => headers
            .get(header::ORIGIN)
            .is_none_or(|origin| origin.as_bytes() == public_url.as_str().as_bytes() || origin.as_bytes() == b"null"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_own;
    use http::HeaderMap;

    fn judge(headers: &[(&'static str, &'static str)]) -> bool {
        let map: HeaderMap =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        is_own(&map, &"https://visage.example".parse().unwrap())
    }

    #[test]
    fn only_our_own_pages_may_send_forms() {
        assert!(judge(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(judge(&[("origin", "https://visage.example")]));
        assert!(judge(&[("origin", "null")]));
        assert!(judge(&[]));
        assert!(!judge(&[("sec-fetch-site", "cross-site")]));
        assert!(!judge(&[("sec-fetch-site", "same-site"), ("origin", "https://visage.example")]));
        assert!(!judge(&[("origin", "https://visage.example.evil.example")]));
        assert!(!judge(&[("sec-fetch-site", "cross-site"), ("origin", "null")]));
    }
}
