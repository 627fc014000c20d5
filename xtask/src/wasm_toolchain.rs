//! A compiler for wasm32: the ordinary one with its target added, or, where rustup can download nothing, Debian's
//! compiler with a standard library that is built here once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    shell,
    system_packages::{self, Packages},
};

pub const TARGET: &str = "wasm32-unknown-unknown";

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std";

/// Something that compiles to wasm32.
pub enum WasmToolchain {
    /// The compiler that builds the server can build this too.
    Ordinary,
    /// A sysroot of our own below this folder.
    Own(PathBuf),
}

impl WasmToolchain {
    /// Finds a compiler, or makes one.
    pub fn ensure() -> Result<Self> {
        if is_target_installed()? {
            return Ok(Self::Ordinary);
        }
        let own = own_folder()?;
        if is_current(&own) {
            return Ok(Self::Own(own));
        }
        shell::announce(&format!("rustup target add {TARGET}"));
        if shell::succeeds(shell::command("rustup").args(["target", "add", TARGET])) && is_target_installed()? {
            return Ok(Self::Ordinary);
        }
        make(&own).with_context(|| {
            format!("the wasm target can neither be added (`rustup target add {TARGET}`) nor be built on this machine")
        })?;
        Ok(Self::Own(own))
    }

    /// Cargo, set up to use this compiler.
    pub fn cargo(&self) -> Command {
        match self {
            Self::Ordinary => shell::cargo(),
            Self::Own(folder) => {
                let mut cargo = shell::command(DEBIAN_CARGO);
                cargo.env("RUSTC", folder.join("bin/rustc")).env_remove("RUSTC_WRAPPER").env_remove("RUSTUP_TOOLCHAIN");
                cargo
            }
        }
    }

    /// Clippy belongs to one compiler and reads no other's libraries.
    pub fn has_clippy(&self) -> bool {
        matches!(self, Self::Ordinary)
    }
}

fn is_target_installed() -> Result<bool> {
    Ok(sysroot()?.join("lib/rustlib").join(TARGET).join("lib").is_dir())
}

fn sysroot() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    Ok(shell::read(shell::command(rustc).args(["--print", "sysroot"]))?.into())
}

fn own_folder() -> Result<PathBuf> {
    let cache = match std::env::var_os("XDG_CACHE_HOME") {
        Some(cache) => PathBuf::from(cache),
        None => PathBuf::from(std::env::var_os("HOME").context("HOME is not set")?).join(".cache"),
    };
    Ok(cache.join("visage/wasm-toolchain"))
}

/// Whether the folder was made by the compiler that is installed now: the two must be of the very same version.
fn is_current(folder: &Path) -> bool {
    let Ok(made_by) = fs::read_to_string(folder.join("made-by")) else {
        return false;
    };
    shell::read(shell::command(DEBIAN_RUSTC).arg("-vV")).is_ok_and(|version| version == made_by)
}

/// Builds the standard library from Debian's sources and lays it out as a sysroot.
fn make(folder: &Path) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("there are no sources of the standard library here");
    }
    if ![DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_SOURCES].iter().all(|path| Path::new(path).exists()) {
        system_packages::install(&Packages {
            purpose: "building for wasm",
            apt: &["rustc-web", "cargo-web", "rust-web-src"],
            brew: None,
        })?;
    }
    shell::announce("building the standard library for wasm32, once (a minute or two)");
    let version = shell::read(shell::command(DEBIAN_RUSTC).arg("-vV"))?;
    let host =
        version.lines().find_map(|line| line.strip_prefix("host: ")).context("the compiler does not name its host")?;

    // Made beside its place and moved there whole, so that a build cut short is never taken for a toolchain.
    let draft = folder.with_extension("draft");
    if draft.exists() {
        fs::remove_dir_all(&draft)?;
    }
    let libraries = build_standard_library(&draft.join("build"))?;
    lay_out(&draft, folder, host, &libraries)?;
    fs::remove_dir_all(draft.join("build"))?;
    fs::write(draft.join("made-by"), &version)?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::rename(&draft, folder)?;
    Ok(())
}

/// Builds an empty crate together with std, and returns the libraries that std consists of.
fn build_standard_library(folder: &Path) -> Result<Vec<PathBuf>> {
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "#![no_std]\n")?;
    fs::write(
        folder.join("Cargo.toml"),
        "[workspace]\n[package]\nname = \"hollow\"\nversion = \"0.0.0\"\nedition = \"2021\"\n",
    )?;
    let target = folder.join("target");
    shell::run(
        shell::command(DEBIAN_CARGO)
            .current_dir(folder)
            .args(["build", "--quiet", "--release", "-Z", "build-std=std,panic_abort", "--target", TARGET, "--target-dir"])
            .arg(&target)
            .env("RUSTC", DEBIAN_RUSTC)
            // The flag that opens `-Z` on a released compiler.
            .env("RUSTC_BOOTSTRAP", "1")
            // Without bitcode in std the bundle cannot be optimised as one whole.
            .env("RUSTFLAGS", "-Cembed-bitcode=yes")
            .env_remove("RUSTC_WRAPPER"),
    )?;
    let mut libraries = Vec::new();
    for entry in fs::read_dir(target.join(TARGET).join("release/deps"))? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.ends_with(".rlib") && !name.starts_with("libhollow-") {
            libraries.push(path);
        }
    }
    Ok(libraries)
}

/// Lays out `draft` so that it works once it has been moved to `place`.
fn lay_out(draft: &Path, place: &Path, host: &str, libraries: &[PathBuf]) -> Result<()> {
    let rustlib = draft.join("lib/rustlib");
    let host_programs = rustlib.join(host).join("bin");
    let wasm_libraries = rustlib.join(TARGET).join("lib");
    for folder in [&draft.join("bin"), &host_programs, &wasm_libraries] {
        fs::create_dir_all(folder)?;
    }
    let compiler = draft.join("bin/rustc");
    fs::write(&compiler, format!("#!/bin/sh\nexec {DEBIAN_RUSTC} --sysroot '{}' \"$@\"\n", place.display()))?;
    shell::run(shell::command("chmod").arg("+x").arg(&compiler))?;
    link(&Path::new("/usr/lib/rustlib").join(host).join("lib"), &rustlib.join(host).join("lib"))?;
    link(&linker(host)?, &host_programs.join("rust-lld"))?;
    for library in libraries {
        let name = library.file_name().context("a library without a name")?;
        fs::copy(library, wasm_libraries.join(name))?;
    }
    Ok(())
}

/// Debian's compiler comes without the linker for wasm; rustup's brings one that serves as well.
fn linker(host: &str) -> Result<PathBuf> {
    let of_rustup = sysroot()?.join("lib/rustlib").join(host).join("bin/rust-lld");
    if of_rustup.exists() {
        return Ok(of_rustup);
    }
    if shell::find("lld").is_none() {
        system_packages::install(&Packages { purpose: "linking for wasm", apt: &["lld"], brew: None })?;
    }
    shell::find("lld").context("lld is not on the PATH")
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    std::os::unix::fs::symlink(from, to).with_context(|| format!("{} cannot be linked", from.display()))
}

#[cfg(not(unix))]
fn link(from: &Path, _: &Path) -> Result<()> {
    bail!("{} cannot be linked on this system", from.display())
}
