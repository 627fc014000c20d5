//! The binary under test: its commands, and a server that lives as long as a test.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::{
    fixtures::root,
    http,
    patience::wait_for,
    programs::{Companion, Lines, Running, forget_settings, run, variable},
};

const START: Duration = Duration::from_secs(60);
const DRAIN: Duration = Duration::from_secs(30);

/// What must never be read in a log: the beginnings of our tokens and keys that are secret.
const SECRET_BEGINNINGS: [&str; 4] = ["vat_", "vrt_", "vac_", "sk_"];

/// A machine with nothing on it: an empty folder in which commands run, and a free port for a server.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
    pub port: u16,
    settings: Vec<(String, String)>,
}

/// How a command ended and what it said.
#[derive(Debug)]
pub struct Spoken {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Spoken {
    /// What was printed, once the command has ended well.
    pub fn ensure_ended_well(self) -> Result<String> {
        ensure!(self.code == Some(0), "a command ended badly: {self:?}");
        Ok(self.stdout)
    }
}

impl Home {
    pub fn new() -> Result<Self> {
        let port = free_port()?;
        let settings = [
            ("VISAGE_LISTEN", format!("127.0.0.1:{port}")),
            ("VISAGE_PUBLIC_URL", format!("http://localhost:{port}")),
            // The harshest test of what may be logged.
            ("VISAGE_LOG", "debug".to_owned()),
        ];
        let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Self { folder: TempDir::with_prefix("visage-journey-")?, port, settings })
    }

    /// Changes a setting, or adds one.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A command of Visage, set up and not yet started.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        Ok(self.command_of(&binary()?, arguments))
    }

    /// The same of another program that goes by the settings of Visage.
    pub fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        forget_settings(&mut command);
        command
            .args(arguments)
            .current_dir(self.folder())
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<Spoken> {
        self.run_with_input(arguments, "")
    }

    /// Runs a command to its end with something on its stdin.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Result<Spoken> {
        let running = Running::start(&mut self.command(arguments)?, input)?;
        running.end(START, &format!("`visage {}` to end", arguments.join(" ")))
    }

    /// Starts `visage serve` and waits until it is ready.
    pub fn serve(self) -> Result<Visage> {
        self.start(&["serve"])
    }

    /// Starts a command that serves, and waits until it is ready.
    pub fn start(self, arguments: &[&str]) -> Result<Visage> {
        let command = self.command(arguments)?;
        self.await_ready(command)
    }

    /// Starts what stands in for the binary where a server has to read documents on this machine.
    pub fn serve_nearby(self) -> Result<Visage> {
        let command = self.command_of(&stand_in("nearby")?, &[]);
        self.await_ready(command)
    }

    fn await_ready(self, mut command: Command) -> Result<Visage> {
        let mut process = Companion(command.spawn()?);
        let journal = Journal::default();
        if let Some(source) = process.0.stdout.take() {
            drop(journal.stdout.collect(source));
        }
        if let Some(source) = process.0.stderr.take() {
            drop(journal.stderr.collect(source));
        }
        let mut visage = Visage { home: self, process, journal };
        let ready = visage.url("/readyz");
        wait_for(START, "the server to be ready", || {
            if let Some(status) = visage.process.0.try_wait()? {
                bail!("the server ended while starting ({status}):\n{}", visage.log());
            }
            Ok(http::get(&ready, &[]).ok().filter(|answer| answer.status == 200))
        })?;
        Ok(visage)
    }
}

/// A running server. It is killed with the value, unless it was stopped before.
#[derive(Debug)]
pub struct Visage {
    pub home: Home,
    process: Companion,
    journal: Journal,
}

/// What a server has said. It is kept in `target/journeys`, under the name of the test, for whoever asks why one failed.
#[derive(Debug, Default)]
struct Journal {
    stdout: Lines,
    stderr: Lines,
}

impl Journal {
    fn text(&self) -> String {
        format!("{}\n{}", self.stdout.text(), self.stderr.text())
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let folder = root().join("target/journeys");
        let test = thread::current().name().unwrap_or("a journey").replace("::", "-");
        // A journal that can't be kept is no reason for a journey to fail.
        let _ = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(format!("{test}.log")), self.text()));
    }
}

impl Visage {
    /// A server on an empty database.
    pub fn start() -> Result<Self> {
        Home::new()?.serve()
    }

    /// The address of a path, as users see it.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.home.port)
    }

    /// Runs a command beside the server, which must end well. Gives what it printed.
    pub fn command(&self, arguments: &[&str]) -> Result<String> {
        self.home.run(arguments)?.ensure_ended_well().with_context(|| format!("visage {}", arguments.join(" ")))
    }

    /// Everything the server has said so far.
    pub fn log(&self) -> String {
        self.journal.text()
    }

    /// Fails where a log line carries a token, a secret key, or one of these words.
    pub fn ensure_log_keeps_secrets(&self, words: &[&str]) -> Result<()> {
        let log = self.log();
        for line in log.lines() {
            if let Some(secret) = SECRET_BEGINNINGS.iter().find(|beginning| holds_secret(line, beginning)) {
                bail!("a secret that begins with {secret} was logged: {line}");
            }
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                bail!("{word:?} was logged: {line}");
            }
        }
        Ok(())
    }

    /// Asks the server to end (SIGTERM) and waits until it has.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.ask_to_stop()?;
        self.wait_for_end()
    }

    /// Sends SIGTERM.
    pub fn ask_to_stop(&self) -> Result<()> {
        run(Command::new("kill").args(["-TERM", &self.process.0.id().to_string()]))
    }

    /// Ends the server as a power failure would (SIGKILL). What it leaves can be served again.
    pub fn crash(self) -> Home {
        drop(self.process);
        self.home
    }

    pub fn wait_for_end(&mut self) -> Result<ExitStatus> {
        wait_for(DRAIN, "the server to drain", || Ok(self.process.0.try_wait()?))
    }
}

/// The prefix, followed by something long enough to be the secret itself rather than a hint at it.
fn holds_secret(line: &str, beginning: &str) -> bool {
    line.match_indices(beginning).any(|(at, _)| {
        let is_word = !line[..at].ends_with(|before: char| before.is_alphanumeric());
        let rest = &line[at + beginning.len()..];
        is_word && rest.chars().take_while(char::is_ascii_alphanumeric).count() >= 16
    })
}

/// A port that is free again at once, for a server that takes it a moment later.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// `VISAGE_BIN`, or what a debug build leaves.
pub fn binary() -> Result<PathBuf> {
    let path = variable("VISAGE_BIN").map_or_else(|| root().join("target/debug/visage"), PathBuf::from);
    ensure!(path.is_file(), "{} does not exist: `cargo xtask e2e` builds it and starts the journeys", path.display());
    Ok(path)
}

/// One of the examples of the server, beside the binary.
pub fn stand_in(name: &str) -> Result<PathBuf> {
    let path = binary()?.with_file_name("examples").join(name);
    ensure!(path.is_file(), "{} does not exist: `cargo xtask e2e` builds it", path.display());
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_from_its_hint() {
        assert!(holds_secret("token=vat_0123456789abcdefXYZ", "vat_"));
        assert!(!holds_secret("key sk_ab12… was made", "sk_"));
        assert!(!holds_secret("task_0123456789abcdefXYZ", "sk_"));
    }
}
