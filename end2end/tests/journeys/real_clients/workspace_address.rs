//! The address of one workspace, `/mcp/{workspace}`: a resource of its own, which each library finds by itself.

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::Browser,
    mcp_client::{Generation, McpClient},
    visage::Visage,
};
use serde_json::json;

use crate::story::{SLUG, WITH_PHOTO, WORKSPACE, furnished};

#[test]
fn clients_connect_to_the_address_of_one_workspace() -> Result<()> {
    let (visage, browser) = furnished()?;
    for generation in [Generation::TypescriptOne, Generation::TypescriptTwo, Generation::Python, Generation::Rust] {
        connects(&visage, &browser, generation).with_context(|| generation.name().to_owned())?;
    }
    Ok(())
}

fn connects(visage: &Visage, browser: &Browser, generation: Generation) -> Result<()> {
    let address = visage.url(&format!("/mcp/{SLUG}"));
    let mut client = McpClient::start(generation, &address)?;
    let authorize_url = client.begin_to_connect()?;
    // Each library asks for the very resource that the metadata of this address names.
    let resource: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    ensure!(authorize_url.contains(&format!("resource={resource}")), "it asks for {authorize_url}");
    browser.go(&authorize_url)?;
    browser.wait_for_text("The address that your app uses belongs to this workspace.")?;
    browser.wait_for_text(WORKSPACE)?;
    browser.press("Authorize")?;
    let connected = client.connected()?;
    ensure!(connected["protocol"] == generation.protocol(), "the protocol is {}", connected["protocol"]);
    let profile = client.call("get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
    ensure!(profile["structuredContent"]["name"] == "Commander Vega", "the profile is {profile}");
    Ok(())
}
