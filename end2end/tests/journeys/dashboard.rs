//! The pages of a workspace: signing in and out, what is counted, keys, and the parts that move.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::{Browser, Role},
    mcp_client::{Generation, McpClient},
    patience::wait_for,
    visage::Visage,
};
use serde_json::json;

use crate::story::{
    ADA, GRACE, SLUG, WITH_PHOTO, WITHOUT_PHOTO, WORKSPACE, ensure_console_is_clean, fill_in_sign_in,
    fill_in_sign_up_page, fill_in_workspace, furnished, open_page,
};

/// The session's cookie where there is no https.
const SESSION: &str = "visage_session";

#[test]
fn every_page_is_finished_and_fits() -> Result<()> {
    let visage = Visage::start()?;
    let browser = Browser::open()?;
    for (path, heading, picture) in
        [("/", None, "home"), ("/sign-in", Some("Sign in"), "sign-in"), ("/sign-up", Some("Create account"), "sign-up")]
    {
        browser.go(&visage.url(path))?;
        match heading {
            Some(heading) => browser.wait_for_heading(heading)?,
            None => drop(browser.heading()?),
        }
        browser.photograph(picture)?;
        ensure_console_is_clean(&visage, &browser)?;
    }
    fill_in_sign_up_page(&visage, &browser, &ADA)?;
    browser.find(Role::Field, "Workspace name")?;
    browser.photograph("new-workspace")?;
    fill_in_workspace(&browser, WORKSPACE)?;
    browser.wait_for_path(&format!("/w/{SLUG}"))?;
    browser.heading()?;
    browser.photograph("overview-empty")?;
    for (name, path) in [("Usage", "/usage"), ("Keys", "/keys"), ("Authorized apps", "/apps")] {
        open_page(&visage, &browser, name, path)?;
        browser.photograph(&format!("{}-empty", path.trim_start_matches('/')))?;
        ensure_console_is_clean(&visage, &browser)?;
    }
    browser.go(&visage.url("/account"))?;
    browser.heading()?;
    browser.photograph("account")?;
    browser.go(&visage.url("/no-such-page"))?;
    browser.heading()?;
    browser.photograph("not-found")
}

#[test]
fn signing_out_ends_the_session_and_signing_in_rotates_it() -> Result<()> {
    let (visage, browser) = furnished()?;
    let session = |browser: &Browser| -> Result<String> {
        let cookies = browser.cookies()?;
        // The form of signing in has a cookie of its own, which outlives the session.
        let cookie = cookies.iter().find(|cookie| cookie["name"] == SESSION).context("there is no session cookie")?;
        ensure!(cookie["sameSite"] == "Lax" && cookie["httpOnly"] == true, "the cookie is {cookie}");
        Ok(cookie["value"].to_string())
    };
    let before = session(&browser)?;

    browser.go(&visage.url(&format!("/w/{SLUG}")))?;
    browser.submit("Sign out")?;
    ensure!(!browser.url()?.contains("/w/"), "whoever signed out is at {}", browser.url()?);
    browser.go(&visage.url(&format!("/w/{SLUG}")))?;
    browser.wait_for_heading("Sign in")?;

    browser.fill("Email", ADA.email)?;
    browser.fill("Password", "not the right one")?;
    browser.submit("Sign in")?;
    browser.wait_for_heading("Sign in")?;
    browser.photograph("sign-in-refused")?;
    fill_in_sign_in(&browser, &ADA)?;
    browser.wait_for_path(&format!("/w/{SLUG}"))?;
    ensure!(session(&browser)? != before, "the session was not rotated");
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email, "not the right one"])
}

#[test]
fn the_workspace_of_others_is_not_there() -> Result<()> {
    let visage = Visage::start()?;
    visage.home.run_with_input(
        &["user", "create", "--email", "grace@compilers.example", "--name", "Grace Hopper", "--password-stdin"],
        GRACE.password,
    )?;
    visage.home.run_with_input(
        &["user", "create", "--email", ADA.email, "--name", ADA.name, "--password-stdin"],
        ADA.password,
    )?;
    visage.command(&["workspace", "create", WORKSPACE, "--owner", ADA.email])?;
    let browser = Browser::open()?;
    browser.go(&visage.url("/sign-in"))?;
    fill_in_sign_in(&browser, &GRACE)?;
    browser.find(Role::Field, "Workspace name")?;

    browser.go(&visage.url(&format!("/w/{SLUG}")))?;
    let of_others = browser.heading()?;
    browser.go(&visage.url("/w/no-such-workspace"))?;
    ensure!(browser.heading()? == of_others, "a workspace of others looks other than none");
    Ok(())
}

#[test]
fn the_copy_button_copies() -> Result<()> {
    let (visage, browser) = furnished()?;
    browser.go(&visage.url(&format!("/w/{SLUG}")))?;
    let field = browser.find(Role::Field, "Connector URL")?.value()?;
    ensure!(field == visage.url("/mcp"), "the connector URL is {field}");

    browser.press("Copy")?;
    browser.wait_for_text("Copied")?;

    ensure!(browser.clipboard()? == visage.url("/mcp"), "the clipboard holds {}", browser.clipboard()?);
    ensure_console_is_clean(&visage, &browser)
}

#[test]
fn calls_of_a_client_show_on_the_usage_page() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut client = McpClient::start(Generation::TypescriptTwo, &visage.url("/mcp"))?;
    browser.go(&client.begin_to_connect()?)?;
    browser.press("Authorize")?;
    client.connected()?;
    for person in [WITH_PHOTO, WITH_PHOTO, WITHOUT_PHOTO] {
        client.call("get_profile", &json!({"linkedin_url": person}))?;
    }
    client.call("get_profile_avatar", &json!({"linkedin_url": WITH_PHOTO}))?;
    client.call("get_publishable_key", &json!({}))?;

    open_page(&visage, &browser, "Usage", "/usage")?;
    let text = browser.text()?;
    for words in ["4", "1,000", &Generation::TypescriptTwo.client_name()] {
        ensure!(text.contains(words), "the usage page doesn't show {words:?}:\n{text}");
    }
    browser.photograph("usage")?;

    // Hovering needs wasm: the numbers of the column under the pointer are shown.
    let reading = browser.one_by_css(".chart-reading")?;
    let resting = reading.text()?;
    let mut columns = browser.by_css("[data-reading]")?.into_iter();
    let today = columns
        .find_map(|column| {
            let reading = column.attribute("data-reading").ok()??;
            // The day before its colon, then the numbers.
            reading.split_once(':')?.1.contains('4').then_some((column, reading))
        })
        .context("no column reads 4 calls")?;
    today.0.hover()?;
    let shown = wait_for(Duration::from_secs(10), "the chart to read itself out", || {
        let now = browser.one_by_css(".chart-reading")?.text()?;
        Ok(Some(now).filter(|now| *now != resting))
    })?;
    ensure!(shown == today.1, "the reading is {shown:?} instead of {:?}", today.1);
    browser.photograph_as_shown("usage-hover-desktop-light")?;

    for (range, name) in [("week", "usage-week"), ("quarter", "usage-quarter"), ("year", "usage-year")] {
        browser.go(&visage.url(&format!("/w/{SLUG}/usage?range={range}")))?;
        browser.wait_for_heading("Usage")?;
        browser.photograph(name)?;
    }

    browser.go(&visage.url(&format!("/w/{SLUG}")))?;
    browser.heading()?;
    browser.photograph("overview")?;
    ensure_console_is_clean(&visage, &browser)
}
