//! What the journeys need beside the binary: a browser with its driver, Node and Python.

use anyhow::{Result, bail};

use crate::{
    shell,
    system_packages::{self, Packages},
};

/// The official MCP client for TypeScript runs on nothing older.
const OLDEST_NODE: u32 = 20;

/// Installs what is missing of the tools that `end2end` drives.
pub fn ensure() -> Result<()> {
    if !has_browser() {
        system_packages::install(&Packages {
            purpose: "testing in a browser",
            apt: &["chromium", "chromium-driver"],
            brew: Some("brew install --cask chromium chromedriver"),
        })?;
    }
    if node_version().is_none_or(|version| version < OLDEST_NODE) || shell::find("npm").is_none() {
        system_packages::install(&Packages {
            purpose: "testing with the TypeScript client",
            apt: &["nodejs", "npm"],
            brew: Some("brew install node"),
        })?;
        if let Some(version) = node_version().filter(|version| *version < OLDEST_NODE) {
            bail!(
                "testing with the TypeScript client needs Node {OLDEST_NODE} or newer, and the system offers {version}: install a newer one and try again"
            );
        }
    }
    if !shell::succeeds(shell::command("python3").args(["-c", "import ensurepip, venv"])) {
        system_packages::install(&Packages {
            purpose: "testing with the Python client",
            apt: &["python3", "python3-venv"],
            brew: Some("brew install python"),
        })?;
    }
    Ok(())
}

fn has_browser() -> bool {
    let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    browsers.iter().any(|browser| shell::find(browser).is_some()) && shell::find("chromedriver").is_some()
}

/// The number before the first dot of `v22.1.0`.
fn node_version() -> Option<u32> {
    shell::find("node")?;
    let version = shell::read(shell::command("node").arg("--version")).ok()?;
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}
