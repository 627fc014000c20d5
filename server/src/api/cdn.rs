//! `GET /cdn/{photo}/{size}.jpg`: a photo that never changes, because its address is made of what it shows.

use super::conditional;
use crate::{fault, middleware::RequestId};
use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use domain::avatar::{AvatarSize, PhotoId};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tracing::error;
use usecases::{Deps, avatar};

pub async fn serve(
    State(deps): State<Deps>,
    Path((photo, file)): Path<(String, String)>,
    id: Option<Extension<RequestId>>,
    asked: HeaderMap,
) -> Response {
    let nothing = || fault::problem(StatusCode::NOT_FOUND, "There is no such image.", None);
    let Ok(photo) = photo.parse::<PhotoId>() else { return nothing() };
    let Some(Ok(size)) = file.strip_suffix(".jpg").map(str::parse::<AvatarSize>) else { return nothing() };
    let etag = format!("\"{}-{}\"", &photo.as_str()[..24], size.pixels());
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, value);
    }
    match avatar::file(&deps, &photo, size).await {
        Ok(None) => nothing(),
        Ok(Some(_)) if conditional::is_known(&asked, &etag) => (StatusCode::NOT_MODIFIED, headers).into_response(),
        Ok(Some(jpeg)) => {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
            (headers, jpeg).into_response()
        }
        Err(fault) => {
            error!(error = %fault, "A photo could not be read");
            let id = id.as_ref().map(|Extension(id)| id.as_str());
            fault::problem(StatusCode::INTERNAL_SERVER_ERROR, "This is our fault, and it was logged.", id)
        }
    }
}
