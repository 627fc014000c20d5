//! An MCP client in a few words: both generations, over the router.

use crate::support::{Answer, House, Person, Tokens};
use http::StatusCode;
use serde_json::{Value, json};

pub struct Client<'a> {
    pub house: &'a House,
    pub person: Person,
    pub tokens: Tokens,
}

/// Which revision a request speaks.
#[derive(Debug, Clone, Copy)]
pub enum Generation {
    /// 2025-11-25: `initialize`, a version header.
    Legacy,
    /// 2026-07-28: everything in each request.
    Stateless,
}

pub const BOTH: [Generation; 2] = [Generation::Legacy, Generation::Stateless];

impl<'a> Client<'a> {
    pub async fn connected(house: &'a House) -> Self {
        let person = house.person().await;
        let tokens = house.tokens(&person).await;
        Self { house, person, tokens }
    }

    pub async fn send(&self, generation: Generation, method: &str, params: Value) -> Answer {
        self.send_to("/mcp", generation, method, params).await
    }

    pub async fn send_to(&self, path: &str, generation: Generation, method: &str, mut params: Value) -> Answer {
        let bearer = format!("Bearer {}", self.tokens.access);
        let mut headers = vec![
            ("authorization", bearer.as_str()),
            ("accept", "application/json, text/event-stream"),
            ("mcp-protocol-version", "2025-11-25"),
        ];
        let name = params["name"].as_str().unwrap_or_default().to_owned();
        if matches!(generation, Generation::Stateless) {
            headers[2].1 = "2026-07-28";
            headers.push(("mcp-method", method));
            if !name.is_empty() {
                headers.push(("mcp-name", &name));
            }
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            });
        }
        let message = json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params});
        self.house.post_json(path, &headers, &message).await
    }

    /// The result of a request that must succeed.
    pub async fn result(&self, generation: Generation, method: &str, params: Value) -> Value {
        let answer = self.send(generation, method, params).await;
        assert_eq!(answer.status, StatusCode::OK, "{method}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/json");
        let body = answer.json();
        assert_eq!((&body["jsonrpc"], &body["id"]), (&json!("2.0"), &json!(7)), "{body}");
        assert!(body.get("error").is_none(), "{body}");
        body["result"].clone()
    }

    pub async fn call(&self, tool: &str, arguments: Value) -> Value {
        self.result(Generation::Legacy, "tools/call", json!({"name": tool, "arguments": arguments})).await
    }
}

/// The texts of a result, joined.
pub fn text(result: &Value) -> String {
    let blocks = result["content"].as_array().unwrap().iter();
    blocks.filter_map(|block| block["text"].as_str()).collect::<Vec<_>>().join("\n---\n")
}
