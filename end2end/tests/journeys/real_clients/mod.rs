//! Clients that other people wrote, each in its strictest mode, through the real consent screen.

mod by_document;
mod expiry;
mod inspector;
mod mcp_remote;
mod mcpjam;
mod mcporter;
// The one machine for which its package is locked.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod opencode;
mod rmcp;
mod strict_oauth;
mod workspace_address;

use std::net::TcpListener;

use anyhow::Result;
use end2end::browser::Browser;

/// A port that was free a moment ago, for a client that has to name its callback before it listens.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Fails where the consent page does anything but quote the name that a program on this computer gave itself.
fn ensure_warned_of(browser: &Browser, name: &str) -> Result<()> {
    browser.wait_for_heading(&format!("An app named “{name}” wants to look up profiles with your Visage workspace"))?;
    browser.wait_for_text("Not verified: this app runs on your computer, where any program can use this name.")
}
