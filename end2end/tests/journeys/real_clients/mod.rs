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

use anyhow::{Context, Result};
use end2end::{browser::Browser, visage::Visage};

use crate::story::open_page;

/// A port that was free a moment ago, for a client that has to name its callback before it listens.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Fails where the consent page does anything but quote the name that a program on this computer gave itself.
fn ensure_warned_of(browser: &Browser, name: &str) -> Result<()> {
    browser.wait_for_heading(&format!("An app named “{name}” wants to look up profiles with your Visage workspace"))?;
    browser.wait_for_text("Not verified: this app runs on your computer, where any program can use this name.")
}

/// The commands of a client's guide on the overview page, each as its words without the program's own name.
fn guide(visage: &Visage, browser: &Browser, client: &str) -> Result<Vec<Vec<String>>> {
    open_page(visage, browser, "Overview", "")?;
    browser.one_by_css(".connect details > summary")?.click()?;
    browser.wait_for_text(client)?;
    let read = "return [...document.querySelectorAll('.guide')].map(guide =>
        ({client: guide.querySelector('h2').innerText, commands: guide.querySelector('pre')?.innerText}))";
    let guides = browser.run(read)?;
    let mut guides = guides.as_array().into_iter().flatten();
    let guide = guides.find(|guide| guide["client"] == client).with_context(|| format!("{client} has no guide"))?;
    let commands = guide["commands"].as_str().context("the guide names no commands")?;
    Ok(commands.lines().map(|line| line.split_whitespace().skip(1).map(str::to_owned).collect()).collect())
}
