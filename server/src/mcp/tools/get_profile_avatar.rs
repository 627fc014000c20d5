//! `get_profile_avatar`: a person's face as an image, and an address of it to paste.

use super::{Caller, ToolError, markdown, person, reply, schema, security_schemes, usage};
use crate::mcp::connector::Connector;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    avatar::{AvatarSize, PhotoId},
    linkedin_url::VanityName,
    text::one_line,
};
use rmcp::{
    model::{CallToolResult, ContentBlock, JsonObject},
    tool, tool_router,
};
use serde_json::{Value, json};
use std::sync::Arc;
use usecases::{Deps, avatar};

const NAME: &str = "get_profile_avatar";

#[tool_router(router = get_profile_avatar_router, vis = "pub(super)")]
impl Connector {
    #[tool(
        name = "get_profile_avatar",
        title = "Get a person's photo",
        description = "Shows the profile photo of the person behind a LinkedIn URL or username, as an inline image, with \
                       an imageUrl that renders anywhere (documents, emails, CRM). When no photo is known the image is \
                       initials art, always the same for the same person. Costs one avatar request, and one new \
                       profile the first time that this workspace looks somebody up.",
        annotations(
            title = "Get a person's photo",
            read_only_hint = true,
            destructive_hint = false,
            idempotent_hint = true,
            open_world_hint = true
        ),
        input_schema = input_schema(),
        output_schema = output_schema(),
        meta = security_schemes()
    )]
    async fn get_profile_avatar(
        &self,
        Caller(principal): Caller,
        arguments: JsonObject,
    ) -> Result<CallToolResult, ToolError> {
        let deps = self.deps();
        let vanity = person::named_in(&arguments, &["size"])?;
        let size = size_in(&arguments)?;
        let shown = avatar::show(deps, principal.workspace, principal.payer(), &vanity, NAME).await?;
        let name = shown.profile_name.as_deref();
        let image = image(deps, shown.photo.as_ref(), name, &vanity, size).await?;
        // The image is paid for: without its address it is still the answer.
        let image_url = avatar::durable_url(deps, &principal, &vanity, size)
            .await
            .inspect_err(|error| tracing::warn!(%error, "A durable image address could not be made"))
            .ok();
        let cost = usage::of_metered_call(shown.metered.is_new);
        let mut structured = json!({
            "username": vanity.as_str(),
            "linkedin_url": vanity.profile_url(),
            "kind": image.kind,
            "size": size.pixels(),
            "mime_type": image.mime_type,
            "usage": usage::structured(&shown.metered.balance, cost),
        });
        if let Some(name) = name {
            structured["name"] = json!(one_line(name, 200));
        }
        if let Some(url) = &image_url {
            structured["imageUrl"] = json!(url);
        }
        let text = text(name, &vanity, &image, size, image_url.as_deref(), &usage::line(&shown.metered.balance, cost));
        let content =
            vec![ContentBlock::text(text), ContentBlock::image(STANDARD.encode(&image.bytes), image.mime_type)];
        Ok(reply(content, structured))
    }
}

struct Image {
    kind: &'static str,
    mime_type: &'static str,
    bytes: Vec<u8>,
}

/// The photo; initials art when there is none, or when its file can't be read: the call is paid for, so it shows a face.
async fn image(
    deps: &Deps,
    photo: Option<&PhotoId>,
    name: Option<&str>,
    vanity: &VanityName,
    size: AvatarSize,
) -> Result<Image, ToolError> {
    if let Some(photo) = photo {
        match avatar::file(deps, photo, size).await {
            Ok(Some(bytes)) => return Ok(Image { kind: "photo", mime_type: "image/jpeg", bytes }),
            Ok(None) => tracing::warn!(photo.id = %photo, "The file of photo {photo} is missing"),
            Err(error) => tracing::warn!(photo.id = %photo, %error, "The file of photo {photo} can't be read"),
        }
    }
    let likely = vanity.likely_name();
    let bytes = avatar::initials_png(name.unwrap_or(&likely), vanity.as_str(), size)
        .ok_or_else(|| ToolError::ours(&"initials art could not be drawn"))?;
    Ok(Image { kind: "initials", mime_type: "image/png", bytes })
}

fn text(
    name: Option<&str>,
    vanity: &VanityName,
    image: &Image,
    size: AvatarSize,
    image_url: Option<&str>,
    usage: &str,
) -> String {
    let who = name.map_or_else(|| markdown::quoted(vanity.as_str(), 100), |name| markdown::quoted(name, 200));
    let pixels = size.pixels();
    let mut text = match image.kind {
        "photo" => format!("Photo of {who}, {pixels} × {pixels} pixels."),
        _ => format!("No photo of {who} is known yet; this is initials art, {pixels} × {pixels} pixels."),
    };
    match image_url {
        Some(url) => text.push_str(&format!("\n\nimageUrl (paste it anywhere; each load costs a request): {url}")),
        None => text.push_str("\n\nThere is no imageUrl this time; the image itself is complete."),
    }
    text.push_str("\n\n");
    text.push_str(usage);
    text
}

fn size_in(arguments: &JsonObject) -> Result<AvatarSize, ToolError> {
    let refuse = || ToolError::Input("size must be 32, 64, 128, 256 or 512.".to_owned());
    match arguments.get("size") {
        None | Some(Value::Null) => Ok(AvatarSize::TOOL_DEFAULT),
        Some(Value::String(text)) => text.trim().parse().map_err(|_| refuse()),
        Some(value) => AvatarSize::ALL.into_iter().find(|size| is_number(value, size.pixels())).ok_or_else(refuse),
    }
}

/// 256 is 256 however it is written: in JSON Schema 256.0 is an integer too (draft 2020-12, section 6.1.1).
fn is_number(value: &Value, wanted: u16) -> bool {
    value.as_f64().is_some_and(|number| (number - f64::from(wanted)).abs() < f64::EPSILON)
}

fn sizes() -> Vec<u16> {
    AvatarSize::ALL.into_iter().map(AvatarSize::pixels).collect()
}

fn input_schema() -> Arc<JsonObject> {
    let mut properties = person::properties();
    properties["size"] = json!({
        "type": "integer",
        "enum": sizes(),
        "default": AvatarSize::TOOL_DEFAULT.pixels(),
        "description": "The side of the square image in pixels."
    });
    schema(json!({"type": "object", "properties": properties, "additionalProperties": false}))
}

fn output_schema() -> Arc<JsonObject> {
    schema(json!({
        "type": "object",
        "properties": {
            "username": {"type": "string", "description": "The canonical LinkedIn username."},
            "linkedin_url": {"type": "string", "description": "The canonical LinkedIn URL."},
            "name": {"type": "string", "description": "The person's name, where it is known."},
            "kind": {"type": "string", "enum": ["photo", "initials"]},
            "size": {"type": "integer", "enum": sizes()},
            "mime_type": {"type": "string", "description": "The type of the inline image."},
            "imageUrl": {"type": "string", "description": "A durable address of the image that renders anywhere."},
            "usage": usage::schema()
        },
        "required": ["username", "linkedin_url", "kind", "size", "mime_type", "usage"],
        "additionalProperties": false
    }))
}
