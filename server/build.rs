//! Makes sure that the folder of built pages exists, so that the server compiles before they are built.

use std::{env, fs, path::PathBuf};

#[expect(clippy::disallowed_methods, reason = "a build script is told everything by its environment")]
fn main() {
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let site = root.join("../target/site");
    if let Err(error) = fs::create_dir_all(&site) {
        println!("cargo::error={} cannot be made: {error}", site.display());
    }
    // A release build holds the files themselves; a debug build reads them anew for each request.
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed={}", site.display());
    }
    println!("cargo::rerun-if-changed=build.rs");
}
