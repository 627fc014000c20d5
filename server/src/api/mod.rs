//! The image API's door: `/v1/avatar`, `/v1/usage`, and the images below `/cdn`.

mod avatar;
mod cdn;
pub mod conditional;
mod key;
mod usage;

use axum::{Router, extract::Request, middleware::Next, response::Response, routing};
use http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{Any, CorsLayer};
use usecases::Deps;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

pub fn router(deps: Deps) -> Router {
    // Any page may ask: a key says whether it may have. `Vary` would only keep caches from working.
    let cors = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD])
        .allow_headers([X_API_KEY, header::IF_NONE_MATCH])
        .expose_headers([header::ETAG, header::RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(std::time::Duration::from_secs(86_400))
        .vary([]);
    Router::new()
        .route("/v1/avatar", routing::get(avatar::show))
        .route("/v1/usage", routing::get(usage::show))
        .route("/cdn/{photo}/{file}", routing::get(cdn::serve))
        .layer(axum::middleware::from_fn(may_be_embedded))
        .layer(cors)
        .with_state(deps)
}

/// Every answer may stand in another site's page: that is what it is for.
async fn may_be_embedded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}
