//! How the tools describe themselves.

use crate::{
    client::{Client, Generation},
    support::House,
};
use serde_json::{Value, json};

async fn tools() -> Vec<Value> {
    let house = House::start().await;
    let client = Client::connected(&house).await;
    client.result(Generation::Legacy, "tools/list", json!({})).await["tools"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_definitions_are_what_clients_were_shown() {
    insta::assert_json_snapshot!("definitions", tools().await);
}

#[tokio::test]
async fn every_tool_has_a_title_and_every_hint_and_only_plain_schemas() {
    for tool in tools().await {
        assert!(tool["title"].is_string() && tool["description"].is_string(), "{tool}");
        let annotations = &tool["annotations"];
        for (hint, value) in [("readOnlyHint", true), ("destructiveHint", false), ("idempotentHint", true)] {
            assert_eq!(annotations[hint], value, "{hint} of {tool}");
        }
        assert!(annotations["openWorldHint"].is_boolean());
        for schema in ["inputSchema", "outputSchema"] {
            assert_eq!(tool[schema]["type"], "object");
            assert_plain(&tool[schema]);
        }
    }
}

#[tokio::test]
async fn tools_go_by_names_that_every_client_takes_and_no_header_repeats_their_arguments() {
    for tool in tools().await {
        let name = tool["name"].as_str().unwrap();
        assert!((1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        assert!(!tool.to_string().contains("x-mcp-header"), "{name}");
        assert!(tool["inputSchema"]["additionalProperties"] == false, "{name}");
    }
}

/// No unions of types and no dialects: some clients translate schemas into poorer ones.
fn assert_plain(schema: &Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(kind) = fields.get("type") {
                assert!(kind.is_string() || kind.is_object(), "{schema}");
            }
            for name in ["anyOf", "oneOf", "allOf", "$ref", "$schema", "format", "nullable"] {
                assert!(!fields.contains_key(name), "{name} in {schema}");
            }
            fields.values().for_each(assert_plain);
        }
        Value::Array(values) => values.iter().for_each(assert_plain),
        _ => {}
    }
}
