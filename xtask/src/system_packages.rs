//! Programs that come from the operating system: apt on Debian and its relatives, one plain sentence elsewhere.

use std::process::Command;

use anyhow::{Result, bail};

use crate::shell;

/// What to install, and under which name other systems know it.
pub struct Packages {
    /// What needs them, to end the sentence "… is needed for".
    pub purpose: &'static str,
    pub apt: &'static [&'static str],
    /// The command for macOS, shown and not run: Homebrew belongs to the person, not to a build.
    pub brew: Option<&'static str>,
}

/// Installs the packages. Fails with one sentence that says what to do by hand.
pub fn install(packages: &Packages) -> Result<()> {
    let names = packages.apt.join(" ");
    let purpose = packages.purpose;
    if shell::find("apt-get").is_none() {
        match packages.brew {
            Some(brew) if cfg!(target_os = "macos") => {
                bail!("{purpose} needs programs that are missing here: run `{brew}` and try again")
            }
            _ => {
                bail!("{purpose} needs programs that are missing here: install what Debian calls {names} and try again")
            }
        }
    }
    let Some(mut update) = as_root(&["apt-get", "update", "-qq"]) else {
        bail!("{purpose} needs programs that are missing here: run `apt-get install {names}` as root and try again");
    };
    shell::announce(&format!("apt-get install {names} ({purpose})"));
    // An outdated list of packages is often good enough, so a failed update alone does not stop us.
    let _ = shell::run(&mut update);
    let mut arguments = vec!["apt-get", "install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(packages.apt);
    let installed = as_root(&arguments).is_some_and(|mut install| shell::run(&mut install).is_ok());
    if !installed {
        bail!("{purpose} needs programs that could not be installed: install {names} and try again");
    }
    Ok(())
}

/// A command with the rights of root, where they are to be had without a question.
fn as_root(words: &[&str]) -> Option<Command> {
    let is_root = shell::read(shell::command("id").arg("-u")).is_ok_and(|id| id == "0");
    let mut command = if is_root {
        shell::command("env")
    } else if shell::find("sudo").is_some() {
        let mut sudo = shell::command("sudo");
        sudo.arg("env");
        sudo
    } else {
        return None;
    };
    command.arg("DEBIAN_FRONTEND=noninteractive").args(words);
    Some(command)
}
