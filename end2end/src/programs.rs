//! Other programs: found on the PATH, and those that run beside a test and must not outlive it.

use std::{
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
};

use anyhow::{Context, Result, bail};

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
