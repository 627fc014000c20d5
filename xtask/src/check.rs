//! What can be said about the code without running it.

use anyhow::Result;

use crate::{
    front::TARGET_DIR,
    shell, styles,
    test::Steps,
    wasm_toolchain::{TARGET, WasmToolchain},
};

/// Runs every check to its end and tells at the end which failed.
pub fn check() -> Result<()> {
    let mut steps = Steps::default();
    steps.run("formatting", || shell::run(shell::cargo().args(["fmt", "--all", "--check"])));
    steps.run("classes", styles::check);
    steps.run("lints", lints);
    steps.run("lints of the bundle", lints_of_the_bundle);
    steps.run("dependencies", dependencies);
    steps.finish()
}

fn lints() -> Result<()> {
    // The server embeds what these make.
    styles::build()?;
    shell::run(shell::cargo().args([
        "clippy",
        "--workspace",
        "--exclude",
        "frontend",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}

/// The same for wasm. A toolchain of our own has no clippy, and only compiles.
fn lints_of_the_bundle() -> Result<()> {
    let toolchain = WasmToolchain::ensure()?;
    let mut cargo = toolchain.cargo();
    cargo.arg(if toolchain.has_clippy() { "clippy" } else { "check" });
    cargo.args(["--package", "frontend", "--target", TARGET, "--target-dir", TARGET_DIR, "--profile", "wasm-dev"]);
    if toolchain.has_clippy() {
        cargo.args(["--", "--deny", "warnings"]);
    }
    shell::run(&mut cargo)
}

/// Licences, sources and who may depend on what.
fn dependencies() -> Result<()> {
    if shell::find("cargo-deny").is_none() {
        eprintln!("   left out: cargo-deny is not installed (`cargo install cargo-deny --locked`, a few minutes)");
        return Ok(());
    }
    // Advisories change with the day and need the network: they have a command of their own, `cargo deny check advisories`.
    // Someone who may depend on a crate and doesn't yet is no fault.
    let tolerated = ["--allow", "unused-wrapper", "--allow", "license-not-encountered"];
    shell::run(
        shell::cargo()
            .args(["deny", "check", "--hide-inclusion-graph"])
            .args(tolerated)
            .args(["bans", "licenses", "sources"]),
    )
}
