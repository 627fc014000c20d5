//! The tools: what is told of them, and what each answers.

use super::{
    content::{audio, complete, embedded, image, text, wire},
    conversation,
    fixture::{Change, Fixture},
    input_required,
};
use rmcp::{
    ErrorData, RoleServer,
    model::{CallToolRequestParams, CallToolResponse, CallToolResult, ListToolsResult},
    service::RequestContext,
};
use serde_json::{Value, json};

/// Name and description of the tools without arguments.
const PLAIN: &[(&str, &str)] = &[
    ("test_simple_text", "Answers a text"),
    ("test_image_content", "Answers an image"),
    ("test_audio_content", "Answers a sound"),
    ("test_embedded_resource", "Answers a resource"),
    ("test_multiple_content_types", "Answers a text, an image and a resource"),
    ("test_tool_with_logging", "Logs while it works"),
    ("test_logging_tool", "Logs while it works, for those who want to hear it"),
    ("test_error_handling", "Always fails"),
    ("test_tool_with_progress", "Tells how far it is"),
    ("test_elicitation_sep1034_defaults", "Asks for fields that have defaults"),
    ("test_elicitation_sep1330_enums", "Asks for choices of every kind"),
    ("test_missing_capability", "Needs a client that can sample"),
    ("test_streaming_elicitation", "Asks, and never in the middle of a stream"),
    ("test_trigger_tool_change", "Says that the tools have changed"),
    ("test_trigger_prompt_change", "Says that the prompts have changed"),
    ("test_input_required_result_elicitation", "Asks for a name"),
    ("test_input_required_result_sampling", "Asks for a completion"),
    ("test_input_required_result_list_roots", "Asks for the roots"),
    ("test_input_required_result_request_state", "Knows its own question again"),
    ("test_input_required_result_multiple_inputs", "Asks three things at once"),
    ("test_input_required_result_multi_round", "Asks twice"),
    ("test_input_required_result_tampered_state", "Knows a question that is not its own"),
    ("test_input_required_result_capabilities", "Asks what this client can answer"),
];

pub fn list() -> Result<ListToolsResult, ErrorData> {
    let nothing = json!({"type": "object", "additionalProperties": false});
    let plain = PLAIN.iter().map(|(name, description)| tool(name, description, &nothing));
    let with_arguments = [
        tool("test_sampling", "Asks the client's model", &one_text("prompt")),
        tool("test_elicitation", "Asks the person", &one_text("message")),
        tool("test_mirrored_argument", "Has an argument that a header repeats", &mirrored()),
        tool("json_schema_2020_12_tool", "Has a schema with the keywords of 2020-12", &rich_schema()),
    ];
    complete(json!({"tools": plain.chain(with_arguments).collect::<Vec<_>>()}))
}

fn tool(name: &str, description: &str, schema: &Value) -> Value {
    json!({"name": name, "description": description, "inputSchema": schema})
}

fn one_text(name: &str) -> Value {
    json!({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]})
}

/// Middleboxes route by the header, which must say what the argument says (SEP-2243).
fn mirrored() -> Value {
    json!({
        "type": "object",
        "properties": {"region": {"type": "string", "x-mcp-header": "Region"}},
        "required": ["region"],
    })
}

fn rich_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {"address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }},
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false,
    })
}

pub async fn call(
    fixture: &Fixture,
    request: CallToolRequestParams,
    context: RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    if let Some(answer) = input_required::call(fixture, &request, &context) {
        return answer;
    }
    let content = match &*request.name {
        "test_simple_text" | "json_schema_2020_12_tool" => {
            vec![text("This is a simple text response for testing.")]
        }
        "test_mirrored_argument" => vec![text(argument(&request, "region")?)],
        "test_image_content" => vec![image()],
        "test_audio_content" => vec![audio()],
        "test_embedded_resource" => {
            vec![embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")]
        }
        "test_multiple_content_types" => {
            let data = json!({"test": "data", "value": 123}).to_string();
            let resource = embedded("test://mixed-content-resource", "application/json", &data);
            vec![text("Multiple content types test:"), image(), resource]
        }
        "test_tool_with_logging" | "test_logging_tool" => {
            let lines = ["Tool execution started", "Tool processing data", "Tool execution completed"];
            conversation::log(&context, &lines).await?;
            vec![text("Logged.")]
        }
        "test_error_handling" => {
            let said = text("This tool intentionally returns an error for testing");
            return complete::<CallToolResult>(json!({"content": [said], "isError": true})).map(Into::into);
        }
        "test_tool_with_progress" => {
            conversation::report_progress(&context).await?;
            vec![text("Done.")]
        }
        "test_sampling" => {
            let messages = json!([{"role": "user", "content": text(argument(&request, "prompt")?)}]);
            let params = json!({"messages": messages, "maxTokens": 100});
            let answer = conversation::ask(&context, "sampling/createMessage", params).await?;
            vec![text(format!("LLM response: {}", answer["content"]["text"].as_str().unwrap_or_default()))]
        }
        "test_elicitation" => elicit(&context, argument(&request, "message")?, &two_texts()).await?,
        "test_elicitation_sep1034_defaults" => elicit(&context, "Who are you?", &with_defaults()).await?,
        "test_elicitation_sep1330_enums" => elicit(&context, "What do you choose?", &choices()).await?,
        "test_missing_capability" => {
            if context.client_capabilities().is_none_or(|declared| declared.sampling.is_none()) {
                return Err(ErrorData::missing_required_client_capability(wire(json!({"sampling": {}}))?));
            }
            vec![text("This client can sample.")]
        }
        "test_streaming_elicitation" => {
            let question = input_required::elicitation("What is your name?", "name", "string");
            return input_required::required(json!({"user_name": question}), None).map(Into::into);
        }
        "test_trigger_tool_change" => {
            fixture.announce(Change::Tools);
            vec![text("Announced.")]
        }
        "test_trigger_prompt_change" => {
            fixture.announce(Change::Prompts);
            vec![text("Announced.")]
        }
        _ => return Err(ErrorData::invalid_params("there is no such tool", None)),
    };
    complete::<CallToolResult>(json!({"content": content})).map(Into::into)
}

fn argument<'a>(request: &'a CallToolRequestParams, name: &str) -> Result<&'a str, ErrorData> {
    let value = request.arguments.as_ref().and_then(|arguments| arguments.get(name)).and_then(Value::as_str);
    value.ok_or_else(|| ErrorData::invalid_params(format!("{name} is missing"), None))
}

async fn elicit(context: &RequestContext<RoleServer>, message: &str, schema: &Value) -> Result<Vec<Value>, ErrorData> {
    let params = json!({"message": message, "requestedSchema": schema});
    let answer = conversation::ask(context, "elicitation/create", params).await?;
    Ok(vec![text(format!("Elicitation completed: action={}, content={}", answer["action"], answer["content"]))])
}

fn two_texts() -> Value {
    json!({
        "type": "object",
        "properties": {
            "username": {"type": "string", "description": "User's response"},
            "email": {"type": "string", "description": "User's email address"},
        },
        "required": ["username", "email"],
    })
}

fn with_defaults() -> Value {
    json!({"type": "object", "properties": {
        "name": {"type": "string", "default": "John Doe"},
        "age": {"type": "integer", "default": 30},
        "score": {"type": "number", "default": 95.5},
        "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
        "verified": {"type": "boolean", "default": true},
    }})
}

fn choices() -> Value {
    let titled = json!([
        {"const": "value1", "title": "First"},
        {"const": "value2", "title": "Second"},
        {"const": "value3", "title": "Third"},
    ]);
    json!({"type": "object", "properties": {
        "untitledSingle": {"type": "string", "enum": ["option1", "option2", "option3"]},
        "titledSingle": {"type": "string", "oneOf": titled},
        "legacyEnum": {"type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["One", "Two", "Three"]},
        "untitledMulti": {"type": "array", "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
        "titledMulti": {"type": "array", "items": {"anyOf": titled}},
    }})
}
