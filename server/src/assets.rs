//! The files that pages need: styles, script, wasm, fonts, the icon. Part of a release binary; a debug build reads them from
//! `target/site` anew for each request.

use axum::{Router, extract::Request, response::IntoResponse as _, response::Response, routing};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::fmt::Write as _;
use tower_http::compression::CompressionLayer;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../target/site"]
struct Site;

/// The icon for what draws no SVG.
pub const ICON: &str = "/icon.png";

/// Fonts and icons don't change with a build; the bundle does, under the same name.
const A_DAY: &str = "public, max-age=86400";
const ASK_AGAIN: &str = "public, no-cache";

pub fn router() -> Router {
    Router::new()
        .route("/pkg/{*file}", routing::get(serve))
        .route("/fonts/{*file}", routing::get(serve))
        .route("/favicon.svg", routing::get(serve))
        .route(ICON, routing::get(serve))
        // Looked for by what reads no page; what comes is known by its type, not by its name.
        .route("/favicon.ico", routing::get(async |headers: HeaderMap| file(ICON, &headers)))
        .layer(CompressionLayer::new().br(true).gzip(true))
}

async fn serve(request: Request) -> Response {
    file(request.uri().path(), request.headers())
}

fn file(path: &str, asked: &HeaderMap) -> Response {
    let path = path.trim_start_matches('/');
    let Some(file) = Site::get(path) else { return StatusCode::NOT_FOUND.into_response() };
    let etag = etag(&file);
    let cache_control = HeaderValue::from_static(if path.starts_with("pkg/") { ASK_AGAIN } else { A_DAY });
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, cache_control);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(value) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, value);
    }
    if crate::api::conditional::is_known(asked, &etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let content_type = mime_guess::from_path(path).first_or_octet_stream();
    if let Ok(value) = HeaderValue::from_str(content_type.as_ref()) {
        headers.insert(header::CONTENT_TYPE, value);
    }
    (headers, file.data.into_owned()).into_response()
}

/// Weak, because the bytes on the wire depend on the encoding.
fn etag(file: &EmbeddedFile) -> String {
    let mut etag = String::from("W/\"");
    for byte in &file.metadata.sha256_hash()[..12] {
        // Writing to a string cannot fail.
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    etag
}
