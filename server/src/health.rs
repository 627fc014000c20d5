//! For those who watch the process: is it up, and can it work?

use axum::{Json, Router, extract::State, response::IntoResponse as _, response::Response, routing};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use tracing::warn;
use usecases::Deps;

use crate::fault;

pub fn router(deps: Deps) -> Router {
    Router::new().route("/healthz", routing::get(health)).route("/readyz", routing::get(readiness)).with_state(deps)
}

async fn health() -> Response {
    answer()
}

/// Ready = the database answers, and its schema is ours.
async fn readiness(State(deps): State<Deps>) -> Response {
    match deps.store.check_schema().await {
        Ok(()) => answer(),
        Err(error) => {
            warn!(error = %error, "Not ready");
            fault::problem(StatusCode::SERVICE_UNAVAILABLE, "The database can't be used now.", None)
        }
    }
}

fn answer() -> Response {
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(json!({ "status": "ok" }))).into_response()
}
