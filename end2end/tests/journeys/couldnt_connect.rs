//! “Couldn't connect”: what its person sees, and where whoever runs the server finds out why.

use anyhow::{Context, Result, ensure};
use end2end::{app::App, browser::Browser, http, visage::Visage};
use serde_json::json;

use crate::story::{SLUG, ensure_console_is_clean, furnished};

const REGISTERED: &str = "https://assistant.example/oauth/callback";
const ASKED_FOR: &str = "https://assistant.example/oauth/callbacks";

/// Ada made the first account, so she runs the server.
#[test]
fn a_callback_url_mismatch_is_told_to_the_person_and_found_by_the_operator_with_both_addresses() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = App::register(&visage, "Acme Assistant", REGISTERED)?;
    let muddled = App::known(&visage, app.client_id(), ASKED_FOR);
    browser.go(&muddled.authorize_url()?)?;
    browser.wait_for_heading("Callback URL mismatch")?;
    ensure!(browser.url()?.starts_with(&visage.url("/authorize")), "the person was sent on to {}", browser.url()?);
    // The page comes with status 400, which the console notes.
    browser.console_faults()?;

    browser.go(&visage.url("/server/attempts"))?;
    browser.wait_for_heading("Attempts to connect")?;
    browser.one_by_css(".attempt summary")?.click()?;
    for words in [REGISTERED, ASKED_FOR, "the path (/oauth/callbacks instead of /oauth/callback)"] {
        browser.wait_for_text(words)?;
    }
    browser.photograph("attempts")?;
    ensure_console_is_clean(&visage, &browser)
}

#[test]
fn a_token_for_another_resource_is_told_on_the_page_of_its_connection() -> Result<()> {
    let (visage, browser) = furnished()?;
    let token = connected(&visage, &browser)?;
    let bearer = format!("Bearer {token}");
    let elsewhere = visage.url("/mcp/elsewhere");
    let answer = http::post_json(&elsewhere, &[("authorization", &bearer)], &json!({}))?;
    ensure!(answer.status == 401, "the call was answered {}", answer.status);

    browser.go(&visage.url(&format!("/w/{SLUG}/apps")))?;
    browser.follow("Local app")?;
    browser.wait_for_heading("Local app")?;
    for words in ["Wrong resource", &elsewhere, "The app exchanged its code for a token."] {
        browser.wait_for_text(words)?;
    }
    browser.photograph("connection")?;
    ensure_console_is_clean(&visage, &browser)
}

#[test]
fn the_doctor_walks_this_server_from_its_page_and_from_the_command_line() -> Result<()> {
    let (visage, browser) = furnished()?;
    browser.go(&visage.url("/connect/doctor"))?;
    browser.wait_for_heading("Check a connector")?;
    browser.submit("Check")?;
    browser.wait_for_text("Apps can connect.")?;
    browser.photograph("doctor")?;

    let well = visage.home.run(&["doctor", &visage.url("/mcp")])?;
    ensure!(well.code == Some(0), "{well:?}");
    let elsewhere = visage.home.run(&["doctor", "--json", &visage.url("/nowhere")])?;
    ensure!(elsewhere.code == Some(1) && elsewhere.stdout.contains("\"verdict\": \"fail\""), "{elsewhere:?}");
    ensure_console_is_clean(&visage, &browser)
}

/// An app on this machine, authorized on the consent screen; answers with its token.
fn connected(visage: &Visage, browser: &Browser) -> Result<String> {
    // Any page that answers will do for a callback.
    let callback = visage.url("/healthz");
    let app = App::register(visage, "Local app", &callback)?;
    browser.go(&app.authorize_url()?)?;
    browser.press("Authorize")?;
    let landed = browser.wait_for_url("the app's address", |url| url.starts_with(&callback))?;
    app.connect(&app.read(&landed)?.code.context("no code was sent")?)
}
