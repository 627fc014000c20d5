//! The prompts.

use super::{
    content::{complete, embedded, image, text},
    input_required::{self, Retry},
};
use rmcp::{
    ErrorData,
    model::{GetPromptRequestParams, GetPromptResponse, GetPromptResult, ListPromptsResult},
};
use serde_json::{Value, json};

pub fn list() -> Result<ListPromptsResult, ErrorData> {
    let required = |name: &str| json!({"name": name, "description": "Anything", "required": true});
    complete(json!({"prompts": [
        {"name": "test_simple_prompt", "description": "One message"},
        {
            "name": "test_prompt_with_arguments",
            "description": "A message that repeats its arguments",
            "arguments": [required("arg1"), required("arg2")],
        },
        {
            "name": "test_prompt_with_embedded_resource",
            "description": "A message that carries a resource",
            "arguments": [required("resourceUri")],
        },
        {"name": "test_prompt_with_image", "description": "A message that carries an image"},
        {"name": "test_input_required_result_prompt", "description": "Asks for its context first"},
    ]}))
}

pub fn get(request: &GetPromptRequestParams) -> Result<GetPromptResponse, ErrorData> {
    let argument = |name: &str| {
        let value = request.arguments.as_ref().and_then(|arguments| arguments.get(name)).and_then(Value::as_str);
        value.ok_or_else(|| ErrorData::invalid_params(format!("{name} is missing"), None))
    };
    let messages = match request.name.as_str() {
        "test_simple_prompt" => vec![text("This is a simple prompt for testing.")],
        "test_prompt_with_arguments" => {
            let (first, second) = (argument("arg1")?, argument("arg2")?);
            vec![text(format!("Prompt with arguments: arg1='{first}', arg2='{second}'"))]
        }
        "test_prompt_with_embedded_resource" => vec![
            embedded(argument("resourceUri")?, "text/plain", "Embedded resource content for testing."),
            text("Please process the embedded resource above."),
        ],
        "test_prompt_with_image" => vec![image(), text("Please analyze the image above.")],
        "test_input_required_result_prompt" => {
            let given = Retry::of_prompt(request).answer("user_context", "/content/context");
            let Some(given) = given.and_then(Value::as_str) else {
                let question = input_required::elicitation("What context should the prompt use?", "context", "string");
                return input_required::required(json!({"user_context": question}), None).map(Into::into);
            };
            vec![text(format!("Go by this: {given}"))]
        }
        _ => return Err(ErrorData::invalid_params("there is no such prompt", None)),
    };
    let messages: Vec<_> = messages.into_iter().map(|content| json!({"role": "user", "content": content})).collect();
    complete::<GetPromptResult>(json!({"messages": messages})).map(Into::into)
}
