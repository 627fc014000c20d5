//! The official Inspector, strictly: by a token in a header, and by its own sign-in.

use anyhow::{Context, Result, ensure};
use end2end::{
    app::App,
    browser::Browser,
    inspector::{Inspector, flawless},
    other_site,
    visage::Visage,
};
use serde_json::Value;

use super::free_port;
use crate::story::{furnished, open_page, revoke_first};

const LIST: [&str; 3] = ["--method", "tools/list", "--strict"];

#[test]
fn the_inspector_finds_no_fault_with_the_tools_in_either_era() -> Result<()> {
    let (visage, browser) = furnished()?;
    let token = token(&visage, &browser)?;
    let header = format!("Authorization: Bearer {token}");
    let inspector = Inspector::new(&visage.url("/mcp"))?;
    for era in ["legacy", "modern"] {
        let spoken = inspector.run(&[&LIST[..], &["--protocol-era", era, "--header", &header]].concat())?;
        ensure_tools(&flawless(&spoken).context(era)?)?;
        let call = ["--method", "tools/call", "--tool-name", "get_publishable_key", "--protocol-era", era];
        let spoken = inspector.run(&[&call[..], &["--header", &header]].concat())?;
        let key = flawless(&spoken).context(era)?;
        ensure!(key["structuredContent"].to_string().contains("pk_"), "the key is {key}");
    }
    Ok(())
}

#[test]
fn the_inspector_signs_in_keeps_its_token_and_notices_that_it_was_taken_back() -> Result<()> {
    let (visage, browser) = furnished()?;
    let inspector = Inspector::new(&visage.url("/mcp"))?;
    let callback_url = format!("http://127.0.0.1:{}/oauth/callback", free_port()?);

    let (url, mut conversation) = inspector.log_in(&callback_url, &LIST)?;
    browser.go(&url)?;
    browser.press("Authorize")?;
    browser.wait_for_text("OAuth complete")?;
    ensure_tools(&conversation.hear()?["result"])?;

    let with_what_it_kept = [&LIST[..], &["--stored-auth-only", "--protocol-era", "modern"]].concat();
    ensure_tools(&flawless(&inspector.run(&with_what_it_kept)?)?)?;

    open_page(&visage, &browser, "Authorized apps", "/apps")?;
    revoke_first(&browser)?;
    let spoken = inspector.run(&with_what_it_kept)?;
    ensure!(spoken.code == Some(3) && spoken.stderr.contains("auth_required"), "it went on with {spoken:?}");
    Ok(())
}

fn ensure_tools(result: &Value) -> Result<()> {
    let tools = result["tools"].as_array().with_context(|| format!("no tools are listed: {result}"))?;
    ensure!(tools.len() == 3, "the tools are {result}");
    Ok(())
}

fn token(visage: &Visage, browser: &Browser) -> Result<String> {
    let callback = other_site::serve("<h1>Back at the app</h1>".to_owned())? + "callback";
    let app = App::register(visage, "Inspected", &callback)?;
    browser.go(&app.authorize_url()?)?;
    browser.press("Authorize")?;
    let address = browser.wait_for_url("the app's own page", |url| url.contains("/callback"))?;
    app.connect(&app.read(&address)?.code.context("no code was sent")?)
}
