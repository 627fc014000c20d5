//! Installs the client libraries at the versions of their lock files, once for each state of those files.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    fixtures::{folder, root},
    programs::{find, run},
};

/// Where `npm ci` has laid the TypeScript clients.
pub fn typescript() -> Result<PathBuf> {
    npm("typescript")
}

/// A Node that runs what the system's own may be too old for: the conformance suite and the Inspector.
pub fn node() -> Result<PathBuf> {
    let packages = npm("node")?.join("node_modules");
    ["linux-x64", "linux-arm64", "darwin-x64", "bin-darwin-arm64"]
        .iter()
        .map(|platform| packages.join(format!("node-{platform}/bin/node")))
        .find(|program| program.is_file())
        .context("end2end/clients/node has no Node for this machine")
}

/// Installs a folder of `clients` as its lock file says, without running anything that its packages bring along.
pub fn npm(name: &str) -> Result<PathBuf> {
    let clients = folder().join("clients").join(name);
    let marker = clients.join("node_modules/.installed");
    once(&clients.join("package-lock.json"), &marker, || {
        run(Command::new(find(&["npm"])?).current_dir(&clients).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]))
    })?;
    Ok(clients)
}

/// A Python with the clients' requirements.
pub fn python() -> Result<PathBuf> {
    environment(".venv", "python")
}

/// Schemathesis, which wants other versions of what the clients want too.
pub fn schemathesis() -> Result<PathBuf> {
    Ok(environment(".venv-schemathesis", "schemathesis")?.with_file_name("schemathesis"))
}

/// The Python of an environment with what a folder of `clients` requires.
fn environment(name: &str, clients: &str) -> Result<PathBuf> {
    let environment = folder().join(name);
    let python = environment.join("bin/python");
    let requirements = folder().join("clients").join(clients).join("requirements.txt");
    once(&requirements, &environment.join(".installed"), || {
        run(Command::new(find(&["python3"])?).args(["-m", "venv", "--clear"]).arg(&environment))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(&requirements))
    })?;
    Ok(python)
}

/// The client that is made of the official Rust library. It takes some minutes the first time.
pub fn rust() -> Result<PathBuf> {
    let manifest = folder().join("clients/rmcp/Cargo.toml");
    let target = root().join("target/rmcp-client");
    // Cargo knows by itself whether there is something to do, and lets processes take turns.
    run(Command::new(find(&["cargo"])?)
        .args(["build", "--quiet", "--locked", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(&target))?;
    Ok(target.join("debug/visage-rmcp-client"))
}

/// Runs `install` unless `marker` tells that it was run for this very `lock`. Tests of several processes take turns.
fn once(lock: &Path, marker: &Path, install: impl FnOnce() -> Result<()>) -> Result<()> {
    let turn = File::create(folder().join(".install-lock")).context("the folder of the journeys cannot be written")?;
    turn.lock()?;
    let digest = format!("{:x}", Sha256::digest(fs::read(lock)?));
    if fs::read_to_string(marker).is_ok_and(|installed| installed == digest) {
        return Ok(());
    }
    install()?;
    fs::write(marker, digest)?;
    Ok(())
}
