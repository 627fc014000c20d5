//! From a fresh clone to a running demo.

use std::process::Command;

use anyhow::Result;

use crate::{build, front::Profile, shell};

/// Builds everything and becomes `visage demo`.
pub fn run(profile: Profile, arguments: &[String]) -> Result<()> {
    let binary = build::everything(profile)?;
    become_program(shell::command(binary).arg("demo").args(arguments))
}

/// Makes way for the program, so that signals reach it and its exit code is ours.
#[cfg(unix)]
fn become_program(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(anyhow::Error::new(command.exec()).context("visage cannot be started"))
}

#[cfg(not(unix))]
fn become_program(command: &mut Command) -> Result<()> {
    shell::run(command)
}
