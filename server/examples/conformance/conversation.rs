//! Tools that say something, or ask something, before they answer.

use super::content::wire;
use http::request::Parts;
use rmcp::{
    ErrorData, RoleServer,
    model::{ProtocolVersion, ServerNotification, ServerRequest},
    service::{RequestContext, ServiceError},
    transport::common::http_header::HEADER_SESSION_ID,
};
use serde_json::{Value, json};

/// Nothing, half, all: to a client that wants to know.
pub async fn report_progress(context: &RequestContext<RoleServer>) -> Result<(), ErrorData> {
    let Some(token) = context.meta.get_progress_token() else { return Ok(()) };
    for progress in [0, 50, 100] {
        let params = json!({"progressToken": token, "progress": progress, "total": 100});
        say(context, "notifications/progress", params).await?;
    }
    Ok(())
}

/// From 2026-07-28 on only who names a level in the request hears anything; before, the level is the connection's.
pub async fn log(context: &RequestContext<RoleServer>, lines: &[&str]) -> Result<(), ErrorData> {
    let is_stateless_era = context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
    if is_stateless_era && context.meta.log_level().is_none() {
        return Ok(());
    }
    for line in lines {
        let params = json!({"level": "info", "logger": "conformance", "data": line});
        say(context, "notifications/message", params).await?;
    }
    Ok(())
}

/// Asks the client in the middle of a call, as revisions up to 2025-11-25 do, and gives its answer as it came.
pub async fn ask(context: &RequestContext<RoleServer>, method: &str, params: Value) -> Result<Value, ErrorData> {
    let parts = context.extensions.get::<Parts>();
    if !parts.is_some_and(|parts| parts.headers.contains_key(HEADER_SESSION_ID)) {
        return Err(ErrorData::invalid_request("without a session there is no way for an answer to come back", None));
    }
    let request: ServerRequest = wire(json!({"method": method, "params": params}))?;
    let answer = context.peer.send_request(request).await.map_err(broken)?;
    serde_json::to_value(answer).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

async fn say(context: &RequestContext<RoleServer>, method: &str, params: Value) -> Result<(), ErrorData> {
    let notification: ServerNotification = wire(json!({"method": method, "params": params}))?;
    context.peer.send_notification(notification).await.map_err(broken)
}

fn broken(error: ServiceError) -> ErrorData {
    match error {
        ServiceError::McpError(refused) => refused,
        other => ErrorData::internal_error(other.to_string(), None),
    }
}
