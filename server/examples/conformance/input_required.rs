//! Questions to the client as 2026-07-28 asks them: the call ends with what is missing, and comes again with the answers
//! (SEP-2322).

use super::{
    content::{complete, text, wire},
    fixture::Fixture,
};
use rmcp::{
    ErrorData, RoleServer,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, GetPromptRequestParams, InputRequiredResult,
        InputResponses,
    },
    service::RequestContext,
};
use serde_json::{Map, Value, json};

/// What a call brings when it comes again.
pub struct Retry<'a> {
    answers: Option<&'a InputResponses>,
    pub state: Option<&'a str>,
}

impl<'a> Retry<'a> {
    pub fn of_tool(request: &'a CallToolRequestParams) -> Self {
        Self { answers: request.input_responses.as_ref(), state: request.request_state.as_deref() }
    }

    pub fn of_prompt(request: &'a GetPromptRequestParams) -> Self {
        Self { answers: request.input_responses.as_ref(), state: request.request_state.as_deref() }
    }

    /// A part of the answer to one question. An answer of another shape is no answer, and is asked for again.
    pub fn answer(&self, question: &str, part: &str) -> Option<&'a Value> {
        self.answers?.get(question)?.pointer(part)
    }
}

/// Asks for one field.
pub fn elicitation(message: &str, field: &str, kind: &str) -> Value {
    let schema = json!({"type": "object", "properties": {field: {"type": kind}}, "required": [field]});
    json!({"method": "elicitation/create", "params": {"message": message, "requestedSchema": schema}})
}

fn sampling(prompt: &str) -> Value {
    let messages = json!([{"role": "user", "content": text(prompt)}]);
    json!({"method": "sampling/createMessage", "params": {"messages": messages, "maxTokens": 100}})
}

fn roots() -> Value {
    json!({"method": "roots/list", "params": {}})
}

/// Ends a call with these questions.
pub fn required(questions: Value, state: Option<String>) -> Result<InputRequiredResult, ErrorData> {
    Ok(InputRequiredResult::new(Some(wire(questions)?), state))
}

/// The tools that ask. None where the name is none of theirs.
pub fn call(
    fixture: &Fixture,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Option<Result<CallToolResponse, ErrorData>> {
    let retry = Retry::of_tool(request);
    Some(match request.name.strip_prefix("test_input_required_result_")? {
        "elicitation" => match retry.answer("user_name", "/content/name").and_then(Value::as_str) {
            Some(name) => done(format!("Hello, {name}!")),
            None => ask(json!({"user_name": elicitation("What is your name?", "name", "string")}), None),
        },
        "sampling" => match retry.answer("capital_question", "/content/text").and_then(Value::as_str) {
            Some(said) => done(said),
            None => ask(json!({"capital_question": sampling("What is the capital of France?")}), None),
        },
        "list_roots" => match retry.answer("client_roots", "/roots") {
            Some(roots) => done(format!("The roots are {roots}")),
            None => ask(json!({"client_roots": roots()}), None),
        },
        "request_state" | "tampered_state" => confirm(fixture, &retry, request, context),
        "multiple_inputs" => multiple_inputs(fixture, &retry, request, context),
        "multi_round" => multi_round(fixture, &retry, request, context),
        "capabilities" => within_capabilities(context),
        _ => return None,
    })
}

fn confirm(
    fixture: &Fixture,
    retry: &Retry<'_>,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    if retry.state.is_some() {
        fixture.redeem(context, &request.name, retry.state)?;
        if retry.answer("confirm", "/content/ok").and_then(Value::as_bool) == Some(true) {
            return done("state-ok");
        }
    }
    let state = fixture.remember(context, &request.name, 1)?;
    ask(json!({"confirm": elicitation("Please confirm", "ok", "boolean")}), Some(state))
}

fn multiple_inputs(
    fixture: &Fixture,
    retry: &Retry<'_>,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let name = retry.answer("user_name", "/content/name").and_then(Value::as_str);
    let greeting = retry.answer("greeting", "/content/text").and_then(Value::as_str);
    let given_roots = retry.answer("client_roots", "/roots").and_then(Value::as_array);
    if let (Some(name), Some(greeting), Some(given_roots)) = (name, greeting, given_roots) {
        fixture.redeem(context, &request.name, retry.state)?;
        return done(format!("{greeting} {name} has {} roots.", given_roots.len()));
    }
    let questions = json!({
        "user_name": elicitation("What is your name?", "name", "string"),
        "greeting": sampling("Generate a greeting"),
        "client_roots": roots(),
    });
    ask(questions, Some(fixture.remember(context, &request.name, 1)?))
}

fn multi_round(
    fixture: &Fixture,
    retry: &Retry<'_>,
    request: &CallToolRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let round = match retry.state {
        Some(_) => fixture.redeem(context, &request.name, retry.state)?,
        None => 0,
    };
    if round == 2 && retry.answer("step2", "/content/color").is_some() {
        return done("Both steps are done.");
    }
    if round == 1 && retry.answer("step1", "/content/name").is_some() {
        let question = elicitation("Step 2: What is your favorite color?", "color", "string");
        return ask(json!({"step2": question}), Some(fixture.remember(context, &request.name, 2)?));
    }
    let question = elicitation("Step 1: What is your name?", "name", "string");
    ask(json!({"step1": question}), Some(fixture.remember(context, &request.name, 1)?))
}

/// Asks only what the client said that it can answer.
fn within_capabilities(context: &RequestContext<RoleServer>) -> Result<CallToolResponse, ErrorData> {
    let declared = context.client_capabilities().unwrap_or_default();
    let mut questions = Map::new();
    if declared.elicitation.is_some() {
        questions.insert("user_name".to_owned(), elicitation("What is your name?", "name", "string"));
    }
    if declared.sampling.is_some() {
        questions.insert("greeting".to_owned(), sampling("Generate a greeting"));
    }
    if declared.roots.is_some() {
        questions.insert("client_roots".to_owned(), roots());
    }
    if questions.is_empty() {
        return done("This client can be asked nothing.");
    }
    ask(Value::Object(questions), None)
}

fn ask(questions: Value, state: Option<String>) -> Result<CallToolResponse, ErrorData> {
    required(questions, state).map(Into::into)
}

fn done(said: impl Into<String>) -> Result<CallToolResponse, ErrorData> {
    complete::<CallToolResult>(json!({"content": [text(said)]})).map(Into::into)
}
