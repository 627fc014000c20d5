//! Other programs: found on the PATH, and those that run beside a test and must not outlive it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{patience::wait_for, visage::Spoken};

/// The first of these programs that is on the PATH.
pub fn find(names: &[&str]) -> Result<PathBuf> {
    let path = variable("PATH").context("PATH is not set")?;
    names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
        .with_context(|| {
            format!("none of {} is on the PATH: `cargo xtask e2e` installs what is missing", names.join(", "))
        })
}

/// A variable of the environment in which the journeys were started.
#[expect(
    clippy::disallowed_methods,
    reason = "the journeys are no part of the server and have no settings of their own"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Takes out of a command's environment whatever would set up Visage, so that a developer's own settings change no test.
pub fn forget_settings(command: &mut Command) {
    #[expect(clippy::disallowed_methods, reason = "only the names are looked at, to clear them")]
    let variables = std::env::vars_os();
    for (name, _) in variables.filter(|(name, _)| name.to_string_lossy().starts_with("VISAGE_")) {
        command.env_remove(name);
    }
}

/// Runs to the end, and fails with what was said where the program does.
pub fn run(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("{command:?} could not be started"))?;
    if !output.status.success() {
        bail!(
            "{command:?} failed ({})\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

/// A process that ends with the value.
#[derive(Debug)]
pub struct Companion(pub Child);

impl Drop for Companion {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A command at work, and what it has said so far. It ends with the value.
#[derive(Debug)]
pub struct Running {
    process: Companion,
    stdout: Lines,
    stderr: Lines,
    readers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Starts a command with something on its stdin.
    pub fn start(command: &mut Command, input: &str) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("{command:?} could not be started"))?;
        let (stdout, stderr) = (Lines::default(), Lines::default());
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|source| stdout.collect(source)));
        readers.extend(child.stderr.take().map(|source| stderr.collect(source)));
        if let Some(mut stdin) = child.stdin.take() {
            // A command that reads no input has closed it already.
            let _ = stdin.write_all(input.as_bytes());
        }
        Ok(Self { process: Companion(child), stdout, stderr, readers })
    }

    /// What `pick` finds in a line of either stream, once it is there.
    pub fn find<T>(&mut self, limit: Duration, what: &str, pick: impl Fn(&str) -> Option<T>) -> Result<T> {
        let Self { process, stdout, stderr, .. } = self;
        wait_for(limit, what, || {
            // Asked first, so that what a command says at its very end is still read.
            let end = process.0.try_wait()?;
            match (stdout.find(&pick).or_else(|| stderr.find(&pick)), end) {
                (Some(found), _) => Ok(Some(found)),
                (None, Some(end)) => bail!("the program ended ({end})"),
                (None, None) => Ok(None),
            }
        })
        .with_context(|| format!("it said:\n{}\n{}", stdout.text(), stderr.text()))
    }

    /// Waits until it has ended by itself.
    pub fn end(mut self, limit: Duration, what: &str) -> Result<Spoken> {
        let Self { process, stdout, stderr, readers } = &mut self;
        let status = wait_for(limit, what, || Ok(process.0.try_wait()?))
            .with_context(|| format!("it said:\n{}\n{}", stdout.text(), stderr.text()))?;
        for reader in readers.drain(..) {
            let _ = reader.join();
        }
        Ok(Spoken { code: status.code(), stdout: stdout.text(), stderr: stderr.text() })
    }
}

/// Lines that a program has written so far; a thread of its own reads them, so that the program never blocks.
#[derive(Debug, Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    /// Collects from this source too. The thread ends with the source.
    pub fn collect(&self, source: impl Read + Send + 'static) -> JoinHandle<()> {
        let lines = self.clone();
        thread::spawn(move || {
            for line in BufReader::new(source).lines() {
                let Ok(line) = line else { return };
                lines.all().push(line);
            }
        })
    }

    /// Everything so far.
    pub fn text(&self) -> String {
        self.all().join("\n")
    }

    /// What `pick` finds in the earliest line in which it finds something.
    pub fn find<T>(&self, pick: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.all().iter().find_map(|line| pick(line))
    }

    fn all(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
