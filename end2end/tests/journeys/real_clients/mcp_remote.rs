//! The bridge of clients that know only stdio: it registers once, keeps its tokens, and speaks both eras.

use anyhow::{Context, Result, ensure};
use end2end::{mcp_remote::McpRemote, visage::Visage};
use serde_json::json;
use tempfile::TempDir;

use crate::story::{ADA, WITH_PHOTO, ensure_console_is_clean, furnished, open_page, revoke_first};

const NAME: &str = "MCP CLI Proxy";

#[test]
fn the_stdio_bridge_signs_in_once_and_comes_back_with_what_it_kept() -> Result<()> {
    let (visage, browser) = furnished()?;
    let folder = TempDir::with_prefix("visage-mcp-remote-")?;
    let start = |options: &[&str]| McpRemote::start(&visage.url("/mcp"), folder.path(), options);

    let mut bridge = start(&[])?;
    browser.go(&bridge.authorize_url()?)?;
    browser.wait_for_text(NAME)?;
    browser.press("Authorize")?;
    browser.wait_for_text("Authorization successful")?;
    ensure_bridged(&mut bridge, &visage)?;
    drop(bridge);

    for options in [&[][..], &["--protocol", "auto"]] {
        let mut bridge = start(options)?;
        ensure_bridged(&mut bridge, &visage).with_context(|| format!("{options:?}"))?;
        let said = bridge.said();
        ensure!(!said.contains("/authorize?"), "it asks again although it has tokens: {said}");
        ensure!(options.is_empty() || said.contains("speaks MCP 2026-07-28"), "the new era was not met: {said}");
    }

    open_page(&visage, &browser, "Authorized apps", "/apps")?;
    browser.wait_for_text(NAME)?;
    revoke_first(&browser)?;
    let mut bridge = start(&[])?;
    browser.go(&bridge.authorize_url()?)?;
    browser.press("Authorize")?;
    browser.wait_for_text("Authorization successful")?;
    ensure_bridged(&mut bridge, &visage).context("after it was taken back and given again")?;

    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

fn ensure_bridged(bridge: &mut McpRemote, visage: &Visage) -> Result<()> {
    let greeting = bridge.initialize()?;
    ensure!(greeting["serverInfo"]["name"] == "visage", "the greeting is {greeting}");
    let listed = bridge.request("tools/list", &json!({}))?;
    let tools = listed["tools"].as_array().context("no tools are listed")?;
    ensure!(tools.len() == 3, "the tools are {listed}");
    let face = bridge
        .request("tools/call", &json!({"name": "get_profile_avatar", "arguments": {"linkedin_url": WITH_PHOTO}}))?;
    let url = face["structuredContent"]["imageUrl"].as_str().unwrap_or_default();
    ensure!(url.starts_with(&visage.url("/v1/avatar?")), "the face is {face}");
    Ok(())
}
