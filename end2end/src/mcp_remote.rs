//! `mcp-remote`, with which clients that know only stdio reach a server: here its stdio is ours.

use std::{path::Path, process::Command};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::{conversation::Conversation, programs::find, setup};

/// A running bridge. It ends with the value.
#[derive(Debug)]
pub struct McpRemote {
    conversation: Conversation,
    last_id: u64,
}

impl McpRemote {
    /// Starts a bridge to the connector that keeps what it knows in `folder`, as it would in a person's home.
    pub fn start(connector_url: &str, folder: &Path, options: &[&str]) -> Result<Self> {
        let script = setup::npm("mcp-remote")?.join("node_modules/mcp-remote/dist/proxy.js");
        let mut command = Command::new(find(&["node"])?);
        command
            .arg(script)
            .arg(connector_url)
            .args(options)
            .args(["--auth-timeout", "60"])
            .env("HOME", folder)
            .env("MCP_REMOTE_CONFIG_DIR", folder.join("mcp-auth"))
            // It finds no browser of the developer's to open.
            .env("PATH", folder);
        Ok(Self { conversation: Conversation::start(command)?, last_id: 0 })
    }

    /// The URL that a person is asked to open.
    pub fn authorize_url(&mut self) -> Result<String> {
        self.conversation.find_aside("the URL to authorize at", |line| {
            (line.starts_with("http") && line.contains("/authorize?")).then(|| line.to_owned())
        })
    }

    /// Greets as a desktop client does. Gives what the server says of itself.
    pub fn initialize(&mut self) -> Result<Value> {
        let answer = self.request(
            "initialize",
            &json!({
                "protocolVersion": "2025-11-25",
                "capabilities": {},
                "clientInfo": {"name": "journey", "version": "1.0.0"},
            }),
        )?;
        self.conversation.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))?;
        Ok(answer)
    }

    /// Sends a request through the bridge and gives its result.
    pub fn request(&mut self, method: &str, params: &Value) -> Result<Value> {
        self.last_id += 1;
        self.conversation.say(&json!({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}))?;
        loop {
            let mut message = self.conversation.hear()?;
            if message["id"] == self.last_id {
                ensure!(message["error"].is_null(), "{method} failed: {message}\n{}", self.said());
                return Ok(message["result"].take());
            }
        }
    }

    /// Everything that it has told its person.
    pub fn said(&self) -> String {
        self.conversation.aside()
    }
}
