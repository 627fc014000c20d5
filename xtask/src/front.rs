//! The wasm bundle: compiled from `frontend`, bound to JavaScript, laid where the server looks for it.
//!
//! The page asks for `/pkg/visage.js` and `/pkg/visage.wasm`: with `LEPTOS_OUTPUT_NAME` set while leptos is compiled,
//! its start script leaves out the `_bg` that the binding generator puts into the name.

use std::{
    fs,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    optimise, shell,
    wasm_toolchain::{TARGET, WasmToolchain},
};

/// Apart from the server's folder, so that two compilers and two feature sets don't undo each other's work.
pub const TARGET_DIR: &str = "target/front";
/// What the server serves under `/pkg`.
pub const PACKAGE_DIR: &str = "target/site/pkg";
/// The output name that `.cargo/config.toml` gives to leptos as well.
const NAME: &str = "visage";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build.
    Development,
    /// Small to download.
    Release,
}

impl Profile {
    fn cargo_name(self) -> &'static str {
        match self {
            Self::Development => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }
}

/// Builds the bundle; does nothing where nothing changed.
pub fn build(profile: Profile) -> Result<()> {
    let toolchain = WasmToolchain::ensure()?;
    shell::run(
        toolchain
            .cargo()
            .args(["build", "--package", "frontend", "--lib", "--target", TARGET, "--target-dir", TARGET_DIR])
            .args(["--profile", profile.cargo_name()]),
    )?;
    let compiled = shell::at(TARGET_DIR).join(TARGET).join(profile.cargo_name()).join("frontend.wasm");
    let mark = Mark::of(&compiled, profile)?;
    if mark.is_on(&shell::at(TARGET_DIR)) && [javascript(), wasm()].iter().all(|file| file.exists()) {
        return Ok(());
    }
    bind(&compiled, profile)?;
    if profile == Profile::Release {
        optimise::optimise(&wasm())?;
    }
    mark.leave_on(&shell::at(TARGET_DIR))?;
    eprintln!("   {NAME}.wasm {} kB, {NAME}.js {} kB", kilobytes(&wasm())?, kilobytes(&javascript())?);
    Ok(())
}

/// Writes the glue between wasm and JavaScript.
fn bind(compiled: &Path, profile: Profile) -> Result<()> {
    let folder = shell::at(TARGET_DIR).join("bound");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    Bindgen::new()
        .input_path(compiled)
        .out_name(NAME)
        .web(true)?
        .typescript(false)
        .remove_name_section(profile == Profile::Release)
        .remove_producers_section(true)
        .generate(&folder)
        .context("the bundle cannot be bound to JavaScript")?;

    let package = shell::at(PACKAGE_DIR);
    fs::create_dir_all(&package)?;
    let glue = fs::read_to_string(folder.join(format!("{NAME}.js")))?;
    fs::write(javascript(), glue.replace(&format!("{NAME}_bg.wasm"), &format!("{NAME}.wasm")))?;
    fs::rename(folder.join(format!("{NAME}_bg.wasm")), wasm())?;
    let snippets = package.join("snippets");
    if snippets.exists() {
        fs::remove_dir_all(&snippets)?;
    }
    if folder.join("snippets").exists() {
        fs::rename(folder.join("snippets"), snippets)?;
    }
    Ok(())
}

/// From which compiled file the bundle in place was made.
struct Mark(String);

impl Mark {
    fn of(compiled: &Path, profile: Profile) -> Result<Self> {
        let metadata = fs::metadata(compiled).with_context(|| format!("{} was not built", compiled.display()))?;
        let changed = metadata.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
        Ok(Self(format!("{} {changed} {}", profile.cargo_name(), metadata.len())))
    }

    fn is_on(&self, folder: &Path) -> bool {
        fs::read_to_string(folder.join("bound-from")).is_ok_and(|mark| mark == self.0)
    }

    fn leave_on(&self, folder: &Path) -> Result<()> {
        Ok(fs::write(folder.join("bound-from"), &self.0)?)
    }
}

fn javascript() -> PathBuf {
    shell::at(PACKAGE_DIR).join(format!("{NAME}.js"))
}

fn wasm() -> PathBuf {
    shell::at(PACKAGE_DIR).join(format!("{NAME}.wasm"))
}

fn kilobytes(file: &Path) -> Result<u64> {
    Ok(fs::metadata(file)?.len() / 1000)
}
