//! `GET /v1/avatar`: a redirect to the photo, or initials. A fault never breaks the page that shows the image: unless the
//! caller asks for JSON, its body is initials too.

use super::{conditional, key};
use crate::{fault, middleware::RequestId};
use axum::{
    extract::{RawQuery, Request, State},
    response::{IntoResponse as _, Response},
};
use domain::{
    avatar::{AvatarSize, PhotoId},
    linkedin_url::VanityName,
    principal::KeyHolder,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use key::{NoHolder, Place};
use tracing::error;
use usecases::{Deps, access::api_key::KeyError, avatar, pace::TooFast, profile::LookUpError};
use wanted::Wanted;

mod wanted;

/// What the usage page calls these requests.
const OPERATION: &str = "avatar";
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Answers `HEAD` too, at the same price: the redirect is the face.
pub async fn show(State(deps): State<Deps>, RawQuery(query): RawQuery, request: Request) -> Response {
    let wanted = Wanted::parse(query.as_deref().unwrap_or_default());
    let headers = request.headers();
    match answer(&deps, &wanted, headers).await {
        Ok(response) => response,
        Err(refusal) if wants_json(headers) => {
            let id = request.extensions().get::<RequestId>().map(RequestId::as_str);
            refusal.dress(fault::problem(refusal.status, &refusal.detail, id.filter(|_| refusal.is_ours())))
        }
        Err(refusal) => refusal.dress(initials(refusal.status, wanted.vanity(), None, wanted.size())),
    }
}

async fn answer(deps: &Deps, wanted: &Wanted, headers: &HeaderMap) -> Result<Response, Refusal> {
    let (holder, place) = key::holder(deps, wanted.key.as_deref(), headers).await?;
    deps.pace.image(holder.key)?;
    let (vanity, size) = wanted.understood().map_err(Refusal::parameters)?;
    if headers.contains_key(header::IF_NONE_MATCH)
        && let Some(response) = held(deps, &holder, vanity, size, place, headers).await?
    {
        return Ok(response);
    }
    let shown = avatar::show(deps, holder.workspace, holder.payer(), vanity, OPERATION).await?;
    Ok(match &shown.photo {
        Some(photo) => redirect(deps, photo, size, place),
        None => initials(StatusCode::OK, Some(vanity), shown.profile_name.as_deref(), size),
    })
}

/// What costs nothing: telling a caller that it holds the answer already. It must name the very photo; `*` names none.
async fn held(
    deps: &Deps,
    holder: &KeyHolder,
    vanity: &VanityName,
    size: AvatarSize,
    place: Place,
    headers: &HeaderMap,
) -> Result<Option<Response>, Refusal> {
    let photo = avatar::peek(deps, holder.workspace, vanity).await.map_err(|fault| Refusal::ours(&fault))?;
    Ok(photo.filter(|photo| conditional::names(headers, &etag(photo, size))).map(|photo| {
        let mut response = redirect(deps, &photo, size, place);
        response.headers_mut().remove(header::LOCATION);
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    }))
}

fn redirect(deps: &Deps, photo: &PhotoId, size: AvatarSize, place: Place) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    for (name, value) in [(header::LOCATION, avatar::image_url(deps, photo, size)), (header::ETAG, etag(photo, size))] {
        // Both are made of a checked address, hexadecimal digits and numbers.
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    if place == Place::Header {
        headers.insert(header::VARY, HeaderValue::from_static("x-api-key"));
    }
    (StatusCode::FOUND, headers).into_response()
}

/// Strong: the same photo in the same size is the same redirect.
fn etag(photo: &PhotoId, size: AvatarSize) -> String {
    format!("\"{}-{}\"", &photo.as_str()[..24], size.pixels())
}

fn initials(status: StatusCode, vanity: Option<&VanityName>, name: Option<&str>, size: AvatarSize) -> Response {
    let likely_name = vanity.map(VanityName::likely_name).unwrap_or_default();
    let seed = vanity.map_or("", VanityName::as_str);
    let svg = avatar::initials_svg(name.unwrap_or(&likely_name), seed, size);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (status, headers, svg).into_response()
}

/// Whether a caller would rather read a fault than show it: it names JSON and is no image on a page.
fn wants_json(headers: &HeaderMap) -> bool {
    if headers.get(SEC_FETCH_DEST).is_some_and(|destination| destination.as_bytes() == b"image") {
        return false;
    }
    let accept: Vec<&str> = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let accept = accept.join(",").to_ascii_lowercase();
    let names = |wanted: &str| {
        accept.split(',').any(|range| range.split(';').next().is_some_and(|range| range.trim().starts_with(wanted)))
    };
    (names("application/json") || names("application/problem+json")) && !names("image/")
}

/// Why there is no face, in the API's dialect.
#[derive(Debug)]
struct Refusal {
    status: StatusCode,
    detail: String,
    /// When it is worth trying again, in seconds since 1970 or from now.
    headers: HeaderMap,
}

impl Refusal {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), headers: HeaderMap::new() }
    }

    fn parameters(detail: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    fn ours(fault: &dyn std::error::Error) -> Self {
        error!(error = %fault, "An avatar could not be answered");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "This is our fault, and it was logged.")
    }

    const fn is_ours(&self) -> bool {
        matches!(self.status, StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Adds what the fault has to say to an answer.
    fn dress(&self, mut response: Response) -> Response {
        for (name, value) in &self.headers {
            response.headers_mut().insert(name, value.clone());
        }
        if let Ok(value) = HeaderValue::from_str(&self.detail) {
            response.headers_mut().insert(HeaderName::from_static("x-visage-fault"), value);
        }
        response
    }
}

impl From<NoHolder> for Refusal {
    fn from(error: NoHolder) -> Self {
        match error {
            NoHolder::Refused(KeyError::Store(fault)) => Self::ours(&fault),
            NoHolder::Refused(refused) => Self::new(StatusCode::UNAUTHORIZED, crate::words::sentence(&refused)),
            other => Self::new(StatusCode::UNAUTHORIZED, other.to_string()),
        }
    }
}

impl From<TooFast> for Refusal {
    fn from(too_fast: TooFast) -> Self {
        let mut refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, crate::words::sentence(&too_fast));
        refusal.headers.insert(header::RETRY_AFTER, HeaderValue::from(too_fast.seconds()));
        refusal
    }
}

impl From<LookUpError> for Refusal {
    fn from(error: LookUpError) -> Self {
        match error {
            LookUpError::Exceeded(exceeded) => {
                let reset = exceeded.resets_at.to_rfc3339();
                let detail = format!(
                    "{exceeded}: all {} {} of the month are used; it resets at {reset}.",
                    exceeded.limit,
                    exceeded.meter.as_str()
                );
                let mut refusal = Self::new(StatusCode::PAYMENT_REQUIRED, detail);
                if let Ok(value) = HeaderValue::from_str(&reset) {
                    refusal.headers.insert(HeaderName::from_static("x-quota-resets-at"), value);
                }
                refusal
            }
            other => Self::ours(&other),
        }
    }
}
