//! Everything that a change must pass, and the table at the end.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::{
    e2e,
    front::{self, Profile},
    postgres, server, shell, styles, test_tools,
};

/// Runs every step to its end, whatever failed before it.
pub fn test() -> Result<()> {
    let mut steps = Steps::default();
    steps.run("classes", styles::check);
    let is_styled = steps.run("style sheet", styles::build);
    let is_bundled = steps.run("wasm bundle", || front::build(Profile::Development));
    let is_built = steps.run("server", || server::build(Profile::Development).map(drop));
    steps.run("tests", rust_tests);
    steps.run("races", races);
    let has_tools = steps.run("tools for journeys", test_tools::ensure);
    if is_styled && is_bundled && is_built && has_tools {
        steps.run("journeys", || e2e::walk(None));
    } else {
        steps.leave_out("journeys");
    }
    steps.finish()
}

fn rust_tests() -> Result<()> {
    let path = postgres::path()?;
    let packages = ["--workspace", "--exclude", "frontend", "--exclude", "end2end"];
    shell::run(shell::cargo().arg("test").args(packages).arg("--no-fail-fast").env("PATH", path))
}

/// The races of refresh tokens in full, which are left out of `cargo test` for their length.
fn races() -> Result<()> {
    let path = postgres::path()?;
    shell::run(shell::cargo().args(["test", "--package", "usecases", "--test", "races"]).env("PATH", path))
}

/// Steps that were run, how they ended and how long they took.
#[derive(Default)]
pub struct Steps(Vec<Step>);

struct Step {
    name: &'static str,
    end: End,
    duration: Duration,
}

#[derive(PartialEq, Eq)]
enum End {
    Passed,
    Failed,
    LeftOut,
}

impl Steps {
    /// Runs a step and tells whether it passed. Its fault is printed at once.
    pub fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) -> bool {
        shell::announce(name);
        let start = Instant::now();
        let outcome = step();
        if let Err(error) = &outcome {
            eprintln!("error: {error:#}");
        }
        let end = if outcome.is_ok() { End::Passed } else { End::Failed };
        self.0.push(Step { name, end, duration: start.elapsed() });
        outcome.is_ok()
    }

    /// Notes a step that could not be run, because one before it failed.
    pub fn leave_out(&mut self, name: &'static str) {
        self.0.push(Step { name, end: End::LeftOut, duration: Duration::ZERO });
    }

    /// Prints the table. Fails where a step failed.
    pub fn finish(self) -> Result<()> {
        println!("\n{}", self.table());
        let failed: Vec<_> = self.0.iter().filter(|step| step.end != End::Passed).map(|step| step.name).collect();
        if failed.is_empty() {
            return Ok(());
        }
        bail!("not passed: {}", failed.join(", "))
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for Step { name, end, duration } in &self.0 {
            let end = match end {
                End::Passed => "passed",
                End::Failed => "FAILED",
                End::LeftOut => "not run",
            };
            // Writing to a string cannot fail.
            let _ = writeln!(table, "{name:<22} {end:<8} {:>7.1} s", duration.as_secs_f64());
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_stops_nothing_and_fails_the_whole() {
        let mut steps = Steps::default();
        assert!(!steps.run("first", || bail!("broken")));
        assert!(steps.run("second", || Ok(())));
        steps.leave_out("third");
        assert_eq!(steps.table().lines().count(), 3);
        assert_eq!(steps.finish().unwrap_err().to_string(), "not passed: first, third");
    }
}
