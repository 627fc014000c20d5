//! `GET /v1/usage`: where a workspace stands in the month, for servers that hold a secret key.

use super::key::{self, NoHolder};
use crate::{fault, middleware::RequestId, words};
use axum::{
    extract::{RawQuery, Request, State},
    response::{IntoResponse as _, Response},
};
use domain::{
    api_key::KeyKind,
    quota::{Balance, Meter},
    workspace::Workspace,
};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};
use tracing::error;
use url::form_urlencoded;
use usecases::{Deps, access::api_key::KeyError, metering};

pub async fn show(State(deps): State<Deps>, RawQuery(query): RawQuery, request: Request) -> Response {
    let query = query.unwrap_or_default();
    let in_query = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "key").map(|(_, key)| key);
    let id = request.extensions().get::<RequestId>().cloned();
    let ours = |fault: &dyn std::error::Error| {
        error!(error = %fault, "The usage could not be answered");
        let id = id.as_ref().map(RequestId::as_str);
        fault::problem(StatusCode::INTERNAL_SERVER_ERROR, "This is our fault, and it was logged.", id)
    };
    let holder = match key::holder(&deps, in_query.as_deref(), request.headers()).await {
        Ok((holder, _)) => holder,
        Err(NoHolder::Refused(KeyError::Store(fault))) => return ours(&fault),
        Err(refused) => return fault::problem(StatusCode::UNAUTHORIZED, &words::sentence(&refused), None),
    };
    if holder.kind != KeyKind::Secret {
        let detail = "A publishable key is for images only: use a secret key, which begins with sk_.";
        return fault::problem(StatusCode::FORBIDDEN, detail, None);
    }
    match metering::usage_of_key(&deps, &holder).await {
        Ok((workspace, balance)) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ];
            (headers, body(&workspace, &balance).to_string()).into_response()
        }
        Err(fault) => ours(&fault),
    }
}

fn body(workspace: &Workspace, balance: &Balance) -> Value {
    let meters: Map<String, Value> = [Meter::AvatarRequests, Meter::AvatarNewProfiles]
        .into_iter()
        .map(|meter| {
            let standing = json!({ "used": balance.used.of(meter), "limit": balance.plan.limits.of(meter) });
            (meter.as_str().to_owned(), standing)
        })
        .collect();
    json!({
        "workspace": workspace.slug,
        "plan": balance.plan.id,
        "cycle": {
            "from": balance.cycle.from.to_rfc3339(),
            "resets_at": balance.cycle.resets_at.to_rfc3339(),
        },
        "meters": meters,
    })
}
