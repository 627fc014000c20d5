//! Clients of the command line that other people wrote: each keeps what it knows in a home of its own, where the only browser is
//! one that opens nothing.

use std::{
    env::temp_dir,
    fs::{self, File, Permissions},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::{programs::Running, setup, visage::Spoken};

/// Longer than any of them needs to start or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client at home.
#[derive(Debug)]
pub struct TerminalClient {
    home: TempDir,
    program: PathBuf,
    /// What stands before the arguments of every command.
    script: Option<PathBuf>,
    /// Held where no two may be at work on one machine.
    _turn: Option<File>,
}

impl TerminalClient {
    /// `mcporter`, which calls tools from scripts. It needs a Node that the system's own may be too old for.
    pub fn mcporter() -> Result<Self> {
        let script = setup::npm("mcporter")?.join("node_modules/mcporter/dist/cli.js");
        Self::at_home(setup::node()?, Some(script))
    }

    /// OpenCode. Its callback has one port on a machine, where a second one would take what is sent to the first.
    pub fn opencode() -> Result<Self> {
        let program = setup::npm("opencode")?.join("node_modules/opencode-linux-x64-baseline/bin/opencode");
        let turn = File::create(temp_dir().join("visage-opencode.lock"))?;
        turn.lock()?;
        Ok(Self { _turn: Some(turn), ..Self::at_home(program, None)? })
    }

    fn at_home(program: PathBuf, script: Option<PathBuf>) -> Result<Self> {
        let home = TempDir::with_prefix("visage-terminal-")?;
        let opener = home.path().join("xdg-open");
        fs::write(&opener, "#!/bin/sh\n")?;
        fs::set_permissions(&opener, Permissions::from_mode(0o700))?;
        Ok(Self { home, program, script, _turn: None })
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[impl AsRef<str>]) -> Result<Spoken> {
        self.start(arguments)?.end()
    }

    /// Starts a command that may wait for its person.
    pub fn start(&self, arguments: &[impl AsRef<str>]) -> Result<Waiting> {
        let arguments: Vec<_> = arguments.iter().map(AsRef::as_ref).collect();
        let mut command = Command::new(&self.program);
        command
            .env_clear()
            .current_dir(self.home.path())
            .args(&self.script)
            .args(&arguments)
            .env("HOME", self.home.path())
            .env("PATH", self.home.path())
            .env("BROWSER", self.home.path().join("xdg-open"))
            .env("NO_COLOR", "1")
            .env("DO_NOT_TRACK", "1")
            // OpenCode would look for newer versions of itself and of its list of models.
            .env("OPENCODE_DISABLE_AUTOUPDATE", "1")
            .env("OPENCODE_DISABLE_MODELS_FETCH", "1");
        Ok(Waiting { running: Running::start(&mut command, "")?, said: arguments.join(" ") })
    }
}

/// A command of a client, which may wait for its person.
#[derive(Debug)]
pub struct Waiting {
    running: Running,
    said: String,
}

impl Waiting {
    /// The URL that a person is asked to open.
    pub fn authorize_url(&mut self) -> Result<String> {
        let find = |line: &str| {
            let words = line.split(|character: char| character.is_whitespace() || character.is_control());
            words.map(str::to_owned).find(|word| word.starts_with("http") && word.contains("/authorize?"))
        };
        self.running
            .find(PATIENCE, "the URL to authorize at", find)
            .with_context(|| format!("`{}` asks nobody to sign in", self.said))
    }

    /// Waits until the command has ended by itself.
    pub fn end(self) -> Result<Spoken> {
        self.running.end(PATIENCE, &format!("`{}` to end", self.said))
    }
}
