//! Official libraries that register nowhere: their identity is a document, which the server reads over https.

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::Browser,
    mcp_client::{Generation, McpClient},
    publisher::Publisher,
    visage::{Home, Visage},
};
use serde_json::json;

use crate::story::{ADA, WITH_PHOTO, ensure_console_is_clean, furnish, open_page, revoke_first};

#[test]
fn clients_that_are_known_by_their_document_connect_and_are_taken_back() -> Result<()> {
    let (publisher, visage) = beside_a_publisher()?;
    let browser = furnish(&visage)?;
    for generation in [Generation::TypescriptOne, Generation::TypescriptTwo, Generation::Python, Generation::Rust] {
        connects_and_is_taken_back(&publisher, &visage, &browser, generation)
            .with_context(|| generation.name().to_owned())?;
    }
    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

/// A publisher of documents, and a server that can reach it.
pub fn beside_a_publisher() -> Result<(Publisher, Visage)> {
    let publisher = Publisher::start()?;
    let authority = publisher.authority().display().to_string();
    let visage = Home::new()?.with("SSL_CERT_FILE", &authority).serve_nearby()?;
    Ok((publisher, visage))
}

fn connects_and_is_taken_back(
    publisher: &Publisher,
    visage: &Visage,
    browser: &Browser,
    generation: Generation,
) -> Result<()> {
    let document_url = publisher.document_url(generation.name());
    let name = format!("{} by document", generation.name());
    let mut client = McpClient::start_by_document(generation, &visage.url("/mcp"), &document_url)?;
    browser.go(&client.begin_to_connect()?)?;
    // Its name is nowhere but in the document.
    browser.wait_for_text(&name)?;
    ensure!(!browser.text()?.contains("✓ Verified"), "a document proves no program on somebody's computer");
    browser.press("Authorize")?;
    let connected = client.connected()?;
    let registered = connected["http"].as_array().into_iter().flatten().any(|exchange| exchange["path"] == "/register");
    ensure!(!registered, "the client has registered although it has a document: {connected}");
    ensure!(connected["tools"].as_array().is_some_and(|tools| tools.len() == 3), "the tools are {connected}");

    let who = json!({"linkedin_url": WITH_PHOTO});
    let profile = client.call("get_profile", &who)?;
    ensure!(profile["structuredContent"]["name"] == "Commander Vega", "the profile is {profile}");
    let refreshed = client.refresh()?;
    ensure!(refreshed["is_access_token_new"] == true, "the access token stayed: {refreshed}");
    client.call("get_profile", &who)?;

    open_page(visage, browser, "Authorized apps", "/apps")?;
    browser.wait_for_text(&name)?;
    revoke_first(browser)?;
    let story = client.call_in_vain("get_profile", &who)?;
    ensure!(story["asks_again"] == true, "the client doesn't ask for authorization again: {story}");
    Ok(())
}
