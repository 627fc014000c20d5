//! The official Rust library: its own discovery, registration and refresh, in both eras.

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::Browser,
    mcp_client::{Generation, McpClient},
    visage::Visage,
};
use serde_json::json;

use crate::story::{ADA, WITH_PHOTO, furnished, open_page, revoke_first};

#[test]
fn the_rust_client_connects_in_either_era_and_is_taken_back() -> Result<()> {
    let (visage, browser) = furnished()?;
    connects_and_is_taken_back(&visage, &browser, Generation::Rust)?;
    connects_and_is_taken_back(&visage, &browser, Generation::RustLegacy)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

fn connects_and_is_taken_back(visage: &Visage, browser: &Browser, generation: Generation) -> Result<()> {
    let mut client = McpClient::start(generation, &visage.url("/mcp"))?;
    browser.go(&client.begin_to_connect()?)?;
    browser.wait_for_text(&generation.client_name())?;
    browser.press("Authorize")?;
    let connected = client.connected()?;
    ensure!(connected["protocol"] == generation.protocol(), "the protocol is {}", connected["protocol"]);
    let tools = connected["tools"].as_array().context("no tools are listed")?;
    ensure!(tools.len() == 3, "the tools are {tools:?}");

    let who = json!({"linkedin_url": WITH_PHOTO});
    let profile = client.call("get_profile", &who)?;
    ensure!(profile["structuredContent"]["name"] == "Commander Vega", "the profile is {profile}");
    let refreshed = client.refresh()?;
    ensure!(refreshed["is_access_token_new"] == true, "the access token stayed: {refreshed}");
    client.call("get_profile", &who)?;

    open_page(visage, browser, "Authorized apps", "/apps")?;
    browser.wait_for_text(&generation.client_name())?;
    revoke_first(browser)?;
    let story = client.call_in_vain("get_profile", &who)?;
    ensure!(story["asks_again"] == true, "the client doesn't ask for authorization again: {story}");
    Ok(())
}
