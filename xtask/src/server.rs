//! The binary `visage`.

use std::path::PathBuf;

use anyhow::Result;

use crate::{front::Profile, shell};

/// Builds the binary and tells where it lies.
pub fn build(profile: Profile) -> Result<PathBuf> {
    let mut cargo = shell::cargo();
    cargo.args(["build", "--package", "server", "--bin", "visage"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    shell::run(&mut cargo)?;
    Ok(binary(profile))
}

/// Builds what stands in for the binary where a journey needs what is never shipped.
pub fn build_stand_ins() -> Result<()> {
    // Together with the other crates, as the tests are built: nothing is compiled twice.
    let packages = ["--workspace", "--exclude", "frontend", "--exclude", "end2end"];
    shell::run(shell::cargo().arg("build").args(packages).args(["--example", "conformance", "--example", "nearby"]))
}

/// Where the binary lies once it is built.
pub fn binary(profile: Profile) -> PathBuf {
    let folder = match profile {
        Profile::Development => "debug",
        Profile::Release => "release",
    };
    target_folder().join(folder).join(if cfg!(windows) { "visage.exe" } else { "visage" })
}

fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| shell::at("target"), |folder| shell::at(PathBuf::from(folder)))
}
