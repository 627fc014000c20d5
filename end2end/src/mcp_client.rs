//! A real MCP client: an official library in a process of its own, driven as `clients/README.md` says.

use std::process::Command;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::{conversation::Conversation, fixtures::folder, programs::find, setup};

/// The libraries, and the ways in which they speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// `@modelcontextprotocol/sdk` 1.x: `initialize`.
    TypescriptOne,
    /// `@modelcontextprotocol/client` 2.x: `server/discover` first.
    TypescriptTwo,
    /// `@modelcontextprotocol/client` 2.x with `initialize`.
    TypescriptTwoLegacy,
    /// `mcp` for Python, `server/discover` first.
    Python,
    /// `mcp` for Python with `initialize`.
    PythonLegacy,
    /// `rmcp`, `server/discover` alone.
    Rust,
    /// `rmcp` with `initialize`.
    RustLegacy,
}

impl Generation {
    pub fn name(self) -> &'static str {
        match self {
            Self::TypescriptOne => "typescript-1",
            Self::TypescriptTwo => "typescript-2",
            Self::TypescriptTwoLegacy => "typescript-2-legacy",
            Self::Python => "python",
            Self::PythonLegacy => "python-legacy",
            Self::Rust => "rust",
            Self::RustLegacy => "rust-legacy",
        }
    }

    /// What the client calls itself when it registers.
    pub fn client_name(self) -> String {
        format!("Journey {}", self.name())
    }

    /// The revision that it comes to with a server that knows them all.
    pub fn protocol(self) -> &'static str {
        match self {
            Self::TypescriptOne | Self::TypescriptTwoLegacy | Self::PythonLegacy | Self::RustLegacy => "2025-11-25",
            Self::TypescriptTwo | Self::Python | Self::Rust => "2026-07-28",
        }
    }

    fn command(self) -> Result<Command> {
        let (program, script) = match self {
            Self::TypescriptOne | Self::TypescriptTwo | Self::TypescriptTwoLegacy => {
                (find(&["node"])?, Some(setup::typescript()?.join("client.mjs")))
            }
            Self::Python | Self::PythonLegacy => (setup::python()?, Some(folder().join("clients/python/client.py"))),
            Self::Rust | Self::RustLegacy => (setup::rust()?, None),
        };
        let mut command = Command::new(program);
        command.args(script);
        Ok(command)
    }
}

/// A client process. It ends with the value.
#[derive(Debug)]
pub struct McpClient(Conversation);

impl McpClient {
    /// Starts a client that knows nothing but the connector URL.
    pub fn start(generation: Generation, connector_url: &str) -> Result<Self> {
        Self::start_with(generation, &[connector_url, generation.name()])
    }

    /// Starts a client whose identity is a document (Client ID Metadata Document).
    pub fn start_by_document(generation: Generation, connector_url: &str, document_url: &str) -> Result<Self> {
        Self::start_with(generation, &[connector_url, generation.name(), document_url])
    }

    fn start_with(generation: Generation, arguments: &[&str]) -> Result<Self> {
        let mut command = generation.command()?;
        command.args(arguments).env("PYTHONDONTWRITEBYTECODE", "1");
        Ok(Self(Conversation::start(command)?))
    }

    /// Begins to connect, and gives the URL that the client wants to have opened in a browser.
    pub fn begin_to_connect(&mut self) -> Result<String> {
        self.0.say(&json!({"do": "connect"}))?;
        let answer = self.0.hear_event("authorize")?;
        Ok(answer["url"].as_str().context("the client names no URL")?.to_owned())
    }

    /// Waits until the client is connected, once the browser has been sent back to it. Gives what it learned: protocol, tools,
    /// its registration, scope.
    pub fn connected(&mut self) -> Result<Value> {
        self.0.hear_event("connected")
    }

    /// Calls a tool and gives the result as the model sees it.
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Result<Value> {
        self.0.say(&json!({"do": "call", "tool": tool, "arguments": arguments}))?;
        let answer = self.0.hear_event("called")?;
        Ok(answer["result"].clone())
    }

    /// Calls a tool and gives what it took: the requests that the client sent, and how each was answered.
    pub fn exchanges_of_call(&mut self, tool: &str, arguments: &Value) -> Result<Vec<Value>> {
        self.0.say(&json!({"do": "call", "tool": tool, "arguments": arguments}))?;
        let answer = self.0.hear_event("called")?;
        Ok(answer["http"].as_array().context("the client kept no trace")?.clone())
    }

    /// Calls a tool, expecting that the client gives up. Gives its story: `error`, `asks_again`, `http`.
    pub fn call_in_vain(&mut self, tool: &str, arguments: &Value) -> Result<Value> {
        self.0.say(&json!({"do": "call", "tool": tool, "arguments": arguments}))?;
        self.0.hear_event("failed")
    }

    /// Waits for the client to give up connecting.
    pub fn gave_up(&mut self) -> Result<Value> {
        self.0.hear_event("failed")
    }

    /// Makes the library exchange its refresh token.
    pub fn refresh(&mut self) -> Result<Value> {
        self.0.say(&json!({"do": "refresh"}))?;
        self.0.hear_event("refreshed")
    }
}
