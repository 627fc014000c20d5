//! A real MCP client: an official library in a process of its own, driven as `clients/README.md` says.

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::{
    fixtures::folder,
    programs::{Companion, Lines, find},
    setup,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// The libraries, and the ways in which they speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// `@modelcontextprotocol/sdk` 1.x: `initialize`.
    TypescriptOne,
    /// `@modelcontextprotocol/client` 2.x: `server/discover` first.
    TypescriptTwo,
    /// `mcp` for Python, `server/discover` first.
    Python,
    /// `mcp` for Python with `initialize`.
    PythonLegacy,
}

impl Generation {
    pub fn name(self) -> &'static str {
        match self {
            Self::TypescriptOne => "typescript-1",
            Self::TypescriptTwo => "typescript-2",
            Self::Python => "python",
            Self::PythonLegacy => "python-legacy",
        }
    }

    /// What the client calls itself when it registers.
    pub fn client_name(self) -> String {
        format!("Journey {}", self.name())
    }

    fn program(self) -> Result<(PathBuf, PathBuf)> {
        Ok(match self {
            Self::TypescriptOne | Self::TypescriptTwo => (find(&["node"])?, setup::typescript()?.join("client.mjs")),
            Self::Python | Self::PythonLegacy => (setup::python()?, folder().join("clients/python/client.py")),
        })
    }
}

/// A client process. It ends with the value.
#[derive(Debug)]
pub struct McpClient {
    process: Companion,
    stdin: ChildStdin,
    answers: Receiver<String>,
    errors: Lines,
}

impl McpClient {
    /// Starts a client that knows nothing but the connector URL.
    pub fn start(generation: Generation, connector_url: &str) -> Result<Self> {
        let (program, script) = generation.program()?;
        let mut child = Command::new(program)
            .arg(script)
            .args([connector_url, generation.name()])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take().context("the client has no stdin")?;
        let stdout = child.stdout.take().context("the client has no stdout")?;
        let errors = Lines::default();
        if let Some(source) = child.stderr.take() {
            drop(errors.collect(source));
        }
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self { process: Companion(child), stdin, answers, errors })
    }

    /// Begins to connect, and gives the URL that the client wants to have opened in a browser.
    pub fn begin_to_connect(&mut self) -> Result<String> {
        self.say(&json!({"do": "connect"}))?;
        let answer = self.hear("authorize")?;
        Ok(answer["url"].as_str().context("the client names no URL")?.to_owned())
    }

    /// Waits until the client is connected, once the browser has been sent back to it. Gives what it learned: protocol, tools,
    /// its registration, scope.
    pub fn connected(&mut self) -> Result<Value> {
        self.hear("connected")
    }

    /// Calls a tool and gives the result as the model sees it.
    pub fn call(&mut self, tool: &str, arguments: &Value) -> Result<Value> {
        self.say(&json!({"do": "call", "tool": tool, "arguments": arguments}))?;
        let answer = self.hear("called")?;
        Ok(answer["result"].clone())
    }

    /// Calls a tool, expecting that the client gives up. Gives its story: `error`, `asks_again`, `http`.
    pub fn call_in_vain(&mut self, tool: &str, arguments: &Value) -> Result<Value> {
        self.say(&json!({"do": "call", "tool": tool, "arguments": arguments}))?;
        self.hear("failed")
    }

    /// Waits for the client to give up connecting.
    pub fn gave_up(&mut self) -> Result<Value> {
        self.hear("failed")
    }

    /// Makes the library exchange its refresh token.
    pub fn refresh(&mut self) -> Result<Value> {
        self.say(&json!({"do": "refresh"}))?;
        self.hear("refreshed")
    }

    fn say(&mut self, command: &Value) -> Result<()> {
        writeln!(self.stdin, "{command}")
            .and_then(|()| self.stdin.flush())
            .with_context(|| format!("the client has ended: {}", self.errors.text()))
    }

    fn hear(&mut self, event: &str) -> Result<Value> {
        let Ok(line) = self.answers.recv_timeout(PATIENCE) else {
            let end = self.process.0.try_wait()?;
            bail!("the client was silent instead of saying {event:?} (ended: {end:?}):\n{}", self.errors.text());
        };
        let answer: Value = serde_json::from_str(&line).with_context(|| format!("not JSON: {line}"))?;
        ensure!(answer["event"] == event, "the client was to say {event:?}, and said {line}\n{}", self.errors.text());
        Ok(answer)
    }
}
