//! The tools, one file each, and what all of them share: who is asking, how a fault is told, and what a call leaves in the
//! log.

mod get_profile;
mod get_profile_avatar;
mod get_publishable_key;
mod markdown;
mod person;
mod usage;

use super::connector::Connector;
use domain::{principal::Principal, quota::QuotaExceeded};
use http::request::Parts;
use rmcp::{
    ErrorData, RoleServer,
    handler::server::{
        common::{AsRequestContext, FromContextPart},
        tool::{IntoCallToolResult, ToolRouter},
    },
    model::{CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorCode, JsonObject, MetaObject},
    service::RequestContext,
};
use serde_json::{Value, json};
use std::{
    fmt::Display,
    sync::{Arc, LazyLock},
};
use usecases::profile::LookUpError;

/// Every tool, put together once.
pub static TOOLS: LazyLock<ToolRouter<Connector>> = LazyLock::new(|| {
    Connector::get_profile_avatar_router() + Connector::get_profile_router() + Connector::get_publishable_key_router()
});

/// Why a tool gave no answer.
#[derive(Debug)]
enum ToolError {
    /// The arguments are not understood; the text says how to mend them.
    Input(String),
    Quota(QuotaExceeded),
    /// The person's role does not reach so far. Authorizing again would not help, so it is no challenge.
    NotAllowed(String),
    /// Our own fault: logged where it is made, mute on the wire.
    Ours,
}

impl ToolError {
    fn ours(source: &dyn Display) -> Self {
        tracing::error!(error = %source, "A tool failed");
        Self::Ours
    }
}

impl From<LookUpError> for ToolError {
    fn from(error: LookUpError) -> Self {
        match error {
            LookUpError::Exceeded(exceeded) => Self::Quota(exceeded),
            LookUpError::Store(_) | LookUpError::Metering(_) => Self::ours(&error),
        }
    }
}

impl IntoCallToolResult for ToolError {
    fn into_call_tool_result(self) -> Result<CallToolResponse, ErrorData> {
        let text = match self {
            Self::Input(text) | Self::NotAllowed(text) => text,
            Self::Quota(exceeded) => usage::exceeded(&exceeded),
            Self::Ours => return Err(ErrorData::internal_error("something failed on this server; try again", None)),
        };
        Ok(CallToolResult::error(vec![ContentBlock::text(text)]).into())
    }
}

/// Whoever the bearer token stands for, as the door's first check left it.
struct Caller(Principal);

impl<C: AsRequestContext> FromContextPart<C> for Caller {
    fn from_context_part(context: &mut C) -> Result<Self, ErrorData> {
        principal(context.as_request_context()).cloned().map(Self)
    }
}

fn principal(context: &RequestContext<RoleServer>) -> Result<&Principal, ErrorData> {
    context
        .extensions
        .get::<Parts>()
        .and_then(|parts| parts.extensions.get::<Principal>())
        .ok_or_else(|| ErrorData::internal_error("something failed on this server; try again", None))
}

/// One call, from the name to the line in the log.
pub struct Call {
    tool: String,
    workspace: String,
    grant: String,
    request_id: Option<String>,
}

impl Call {
    /// # Errors
    /// `-32602` when there is no such tool (MCP 2026-07-28, tools, "Error Handling").
    pub fn of(request: &CallToolRequestParams, context: &RequestContext<RoleServer>) -> Result<Self, ErrorData> {
        if TOOLS.get(&request.name).is_none() {
            // The name is the client's own text, and stays out of the log.
            tracing::info!("A tool that is not there was called");
            return Err(ErrorData::invalid_params("there is no tool of this name: call tools/list", None));
        }
        let principal = principal(context)?;
        let request_id = context
            .extensions
            .get::<Parts>()
            .and_then(|parts| parts.headers.get("x-request-id"))
            .and_then(|id| id.to_str().ok())
            .map(str::to_owned);
        Ok(Self {
            tool: request.name.to_string(),
            workspace: principal.workspace.to_string(),
            grant: principal.grant.to_string(),
            request_id,
        })
    }

    /// The request's span once more, so that a fault's line and the answer's number can be found together.
    pub fn span(&self) -> tracing::Span {
        tracing::info_span!("request", request.id = self.request_id)
    }

    /// Logs how it went, and gives an internal error the id that its log lines carry.
    pub fn finish(self, answer: Result<CallToolResponse, ErrorData>) -> Result<CallToolResponse, ErrorData> {
        let outcome = match &answer {
            Ok(CallToolResponse::Complete(result)) if result.is_error == Some(true) => "refused",
            Ok(_) => "answered",
            Err(_) => "failed",
        };
        tracing::info!(
            tool.name = self.tool,
            workspace.id = self.workspace,
            grant.id = self.grant,
            tool.outcome = outcome,
            "Tool {} {outcome}",
            self.tool
        );
        answer.map_err(|mut error| {
            if error.code == ErrorCode::INTERNAL_ERROR {
                error.data = self.request_id.map(|id| json!({"requestId": id}));
            }
            error
        })
    }
}

/// A complete answer: what people read, then images, then everything once more as data.
fn reply(content: Vec<ContentBlock>, structured: Value) -> CallToolResult {
    let mut result = CallToolResult::success(content);
    result.structured_content = Some(structured);
    result
}

fn schema(schema: Value) -> Arc<JsonObject> {
    Arc::new(rmcp::model::object(schema))
}

/// Which tokens open a tool, where ChatGPT looks for it.
fn security_schemes() -> MetaObject {
    let schemes = json!({"securitySchemes": [{"type": "oauth2", "scopes": ["openid"]}]});
    MetaObject::from(rmcp::model::object(schemes))
}
