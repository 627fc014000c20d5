//! `get_publishable_key`: the workspace's public key and a URL template, for whole lists of people.

use super::{Caller, ToolError, reply, schema, security_schemes, usage};
use crate::mcp::connector::Connector;
use domain::quota::Units;
use rmcp::{
    model::{CallToolResult, ContentBlock, JsonObject},
    tool, tool_router,
};
use serde_json::json;
use std::sync::Arc;
use usecases::{
    avatar::{self, PublishableKeyError},
    metering,
};

#[tool_router(router = get_publishable_key_router, vis = "pub(super)")]
impl Connector {
    #[tool(
        name = "get_publishable_key",
        title = "Get the image URL template",
        description = "Gives the workspace's publishable key and a URL template for avatars of whole lists of people: put \
                       each person's percent-encoded LinkedIn URL in place of {linkedin_url}. The key is public by design \
                       and may stand in pages and documents. Costs nothing; each image that is then loaded is one avatar \
                       request.",
        annotations(
            title = "Get the image URL template",
            read_only_hint = true,
            destructive_hint = false,
            idempotent_hint = true,
            open_world_hint = false
        ),
        input_schema = input_schema(),
        output_schema = output_schema(),
        meta = security_schemes()
    )]
    async fn get_publishable_key(
        &self,
        Caller(principal): Caller,
        arguments: JsonObject,
    ) -> Result<CallToolResult, ToolError> {
        if !arguments.is_empty() {
            return Err(ToolError::Input("This tool takes no arguments.".to_owned()));
        }
        let deps = self.deps();
        let key = avatar::publishable_key(deps, &principal).await.map_err(|error| match error {
            PublishableKeyError::NotAllowed(_) => ToolError::NotAllowed(crate::words::sentence(&error)),
            PublishableKeyError::Store(source) => ToolError::ours(&source),
        })?;
        let balance = metering::balance(deps, principal.workspace).await.map_err(|source| ToolError::ours(&source))?;
        let text = format!(
            "Publishable key: `{}`\n\nURL template: `{}`\n\nPut a person's percent-encoded LinkedIn URL in place of \
             {{linkedin_url}}; sizes are 32, 64, 128, 256 and 512.\n\n{}",
            key.key,
            key.template,
            usage::line(&balance, Units::default())
        );
        let structured = json!({
            "publishable_key": key.key,
            "url_template": key.template,
            "usage": usage::structured(&balance, Units::default()),
        });
        Ok(reply(vec![ContentBlock::text(text)], structured))
    }
}

fn input_schema() -> Arc<JsonObject> {
    schema(json!({"type": "object", "properties": {}, "additionalProperties": false}))
}

fn output_schema() -> Arc<JsonObject> {
    schema(json!({
        "type": "object",
        "properties": {
            "publishable_key": {"type": "string", "description": "Starts with pk_; public by design."},
            "url_template": {"type": "string", "description": "Fill in {linkedin_url}, percent-encoded."},
            "usage": usage::schema()
        },
        "required": ["publishable_key", "url_template", "usage"],
        "additionalProperties": false
    }))
}
