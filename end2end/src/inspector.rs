//! The official Inspector's command line, judging the tools strictly.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use tempfile::TempDir;

use crate::{conversation::Conversation, setup, visage::Spoken};

/// An Inspector with a home of its own, in which it keeps what it was granted.
#[derive(Debug)]
pub struct Inspector {
    home: TempDir,
    connector_url: String,
}

impl Inspector {
    pub fn new(connector_url: &str) -> Result<Self> {
        Ok(Self { home: TempDir::with_prefix("visage-inspector-")?, connector_url: connector_url.to_owned() })
    }

    /// Runs to the end, with a result in JSON.
    pub fn run(&self, options: &[&str]) -> Result<Spoken> {
        let output = self.command(options)?.stdin(Stdio::null()).output()?;
        Ok(Spoken {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }

    /// Begins what needs somebody to sign in, and gives the URL to open for it. The browser comes back to `callback_url`.
    pub fn log_in(&self, callback_url: &str, options: &[&str]) -> Result<(String, Conversation)> {
        let mut command = self.command(options)?;
        // Nobody sits before a terminal, so it has to be told that there is a browser.
        command.args(["--callback-url", callback_url]).env("MCP_AUTO_OPEN_ENABLED", "true");
        let mut conversation = Conversation::start(command)?;
        let url = conversation.find_aside("the URL to authorize at", |line| {
            Some(line.strip_prefix("Please navigate to: ")?.to_owned())
        })?;
        Ok((url, conversation))
    }

    fn command(&self, options: &[&str]) -> Result<Command> {
        let package = setup::npm("inspector")?.join("node_modules/@modelcontextprotocol/inspector");
        let mut command = Command::new(setup::node()?);
        command
            .arg(package.join("clients/launcher/build/index.js"))
            .args(["--cli", "--server-url", &self.connector_url, "--transport", "http", "--format", "json", "--quiet"])
            .args(options)
            .env("HOME", self.home.path())
            .env("MCP_INSPECTOR_SECRET_STORE", "file")
            // It finds no browser of the developer's to open.
            .env("PATH", self.home.path());
        Ok(command)
    }
}

/// The result that was printed, once nothing at all was found wrong.
pub fn flawless(spoken: &Spoken) -> Result<Value> {
    ensure!(spoken.code == Some(0), "the Inspector ended with {:?}: {}", spoken.code, spoken.stderr);
    ensure!(spoken.stderr.is_empty(), "the Inspector has something to say: {}", spoken.stderr);
    let mut answer: Value = serde_json::from_str(&spoken.stdout).context("the Inspector printed no JSON")?;
    Ok(answer["result"].take())
}
