//! What becomes of a person's answer: sent to an app by its own scheme, sent twice, sent from the past, declined, too late.

use anyhow::{Context, Result, ensure};
use end2end::{
    app::{App, Landing},
    browser::{Browser, Role},
    http,
    mcp_client::{Generation, McpClient},
    other_site,
    patience::wait_for,
    visage::{Home, Visage},
};
use serde_json::json;
use std::{fs, time::Duration};
use url::Url;

use crate::story::{ADA, SLUG, WITH_PHOTO, fill_in_sign_in, furnished, open_page, sign_up_with_workspace};

/// As Cursor registers it.
const CURSOR: &str = "cursor://anysphere.cursor-deeplink/mcp/callback";
const PATIENCE: Duration = Duration::from_secs(15);

#[test]
fn a_custom_scheme_is_sent_the_code_the_state_and_the_issuer() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = App::register(&visage, "Cursor", CURSOR)?;

    browser.go(&app.authorize_url()?)?;
    browser.wait_for_text("cursor:")?;
    ensure!(!browser.text()?.contains("✓ Verified"), "an app that any program can claim to be is called verified");
    browser.photograph("consent-private-scheme")?;
    browser.press("Authorize")?;
    let landing = sent_to_scheme(&browser, &app)?;

    let token = app.connect(&landing.code.context("no code was sent")?)?;
    let profile = app.call(&token, "get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
    ensure!(profile["structuredContent"]["name"] == "Commander Vega", "the profile is {profile}");
    Ok(())
}

#[test]
fn a_custom_scheme_is_told_of_a_denial() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = App::register(&visage, "Cursor", CURSOR)?;
    browser.go(&app.authorize_url()?)?;
    browser.press("Cancel")?;
    let landing = sent_to_scheme(&browser, &app)?;
    ensure!(landing.error.as_deref() == Some("access_denied") && landing.code.is_none(), "it was told {landing:?}");
    Ok(())
}

/// A tab that has handed over to an app stays where it was, with both buttons in it.
#[test]
fn after_a_custom_scheme_the_page_that_stays_behind_repeats_its_answer_until_the_app_is_connected() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = App::register(&visage, "Cursor", CURSOR)?;
    browser.go(&app.authorize_url()?)?;
    browser.press("Authorize")?;
    let code = sent_to_scheme(&browser, &app)?.code.context("no code was sent")?;

    // The app may not have been open yet.
    send_once_more(&browser)?;
    let again = sent_to_scheme(&browser, &app)?.code.context("no code was sent")?;
    ensure!(again == code, "a second click made a second code");

    app.connect(&code)?;
    send_once_more(&browser)?;
    browser.wait_for_heading("This request is closed")?;
    browser.photograph("consent-closed")?;
    ensure_grants(&visage, &browser, 1)
}

#[test]
fn a_double_click_on_authorize_makes_one_connection() -> Result<()> {
    let (visage, browser) = furnished()?;
    let callback = other_site::serve("<h1>Back at the app</h1>".to_owned())? + "callback";
    let app = App::register(&visage, "Impatience", &callback)?;
    browser.go(&app.authorize_url()?)?;

    browser.find(Role::Button, "Authorize")?.double_click()?;

    let address = browser.wait_for_url("the app's own page", |url| url.contains("/callback"))?;
    let code = app.read(&address)?.code.context("no code was sent")?;
    app.connect(&code)?;
    ensure_grants(&visage, &browser, 1)
}

#[test]
fn the_back_button_after_the_answer_leads_to_no_second_answer() -> Result<()> {
    let (visage, browser) = furnished()?;
    let callback = other_site::serve("<h1>Back at the app</h1>".to_owned())? + "callback";
    let app = App::register(&visage, "Second Thoughts", &callback)?;
    browser.go(&app.authorize_url()?)?;
    browser.press("Authorize")?;
    let address = browser.wait_for_url("the app's own page", |url| url.contains("/callback"))?;

    browser.back()?;
    // A browser may bring the page back as it was, or ask for it again.
    if let Some(button) = browser.find_now(Role::Button, "Authorize")? {
        button.click()?;
        let again = browser.wait_for_url("the app's own page", |url| url.contains("/callback"))?;
        ensure!(again == address, "the way back leads to another answer: {again}");
        browser.back()?;
    }
    app.connect(&app.read(&address)?.code.context("no code was sent")?)?;

    if let Some(button) = browser.find_now(Role::Button, "Authorize")? {
        button.click()?;
    }
    let heading = wait_for(PATIENCE, "the request to be over", || {
        Ok(browser.heading().ok().filter(|heading| !heading.contains("wants to")))
    })?;
    ensure!(heading == "This request is closed", "the way back leads to {heading:?}");
    ensure_grants(&visage, &browser, 1)
}

#[test]
fn the_back_button_after_signing_in_leads_on_to_the_request() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = App::register(&visage, "There And Back", CURSOR)?;
    browser.go(&visage.url("/account"))?;
    browser.submit("Sign out")?;
    browser.find(Role::Link, "Sign in")?;

    browser.go(&app.authorize_url()?)?;
    browser.wait_for_heading("Sign in")?;
    fill_in_sign_in(&browser, &ADA)?;
    browser.find(Role::Button, "Authorize")?;
    browser.back()?;
    // Whoever signs in once more on a page that was kept goes on as well.
    if browser.find_now(Role::Button, "Sign in")?.is_some() {
        fill_in_sign_in(&browser, &ADA)?;
    }
    browser.find(Role::Button, "Authorize")?.click()?;
    app.connect(&sent_to_scheme(&browser, &app)?.code.context("no code was sent")?)?;
    Ok(())
}

#[test]
fn denial_tells_the_client_so() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut client = McpClient::start(Generation::TypescriptOne, &visage.url("/mcp"))?;
    let asked = Url::parse(&client.begin_to_connect()?)?;
    let parameter = |url: &Url, name: &str| {
        url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
    };

    browser.go(asked.as_str())?;
    browser.press("Cancel")?;
    let answer = Url::parse(&browser.wait_for_url("the client's own page", |url| url.contains("/callback"))?)?;

    ensure!(parameter(&answer, "error") == "access_denied", "cancelling answered {answer}");
    ensure!(parameter(&answer, "state") == parameter(&asked, "state"), "the state was lost: {answer}");
    ensure!(parameter(&answer, "iss") == visage.url(""), "the issuer is missing: {answer}");
    ensure!(parameter(&answer, "code").is_empty(), "a code came although nothing was granted: {answer}");
    let story = client.gave_up()?;
    ensure!(story["error"].as_str().is_some_and(|error| error.contains("access_denied")), "the client says {story}");
    Ok(())
}

#[test]
fn an_expired_request_says_so_and_grants_nothing() -> Result<()> {
    let (visage, browser) = impatient()?;
    let app = App::register(&visage, "Slow Reader", CURSOR)?;
    sign_up_with_workspace(&visage, &browser, &ADA)?;
    browser.go(&app.authorize_url()?)?;
    let consent = browser.url()?;
    browser.find(Role::Button, "Authorize")?;
    wait_until_expired(&consent, "Slow Reader")?;

    browser.press("Authorize")?;
    browser.wait_for_heading("This request is closed")?;
    browser.go(&consent)?;
    browser.wait_for_heading("This request is closed")?;
    ensure_grants(&visage, &browser, 0)
}

#[test]
fn a_request_that_expires_while_a_person_signs_in_says_so() -> Result<()> {
    let (visage, browser) = impatient()?;
    let app = App::register(&visage, "Slow Typist", CURSOR)?;
    sign_up_with_workspace(&visage, &browser, &ADA)?;
    browser.submit("Sign out")?;
    browser.find(Role::Link, "Sign in")?;
    browser.go(&app.authorize_url()?)?;
    browser.wait_for_heading("Sign in")?;
    wait_until_expired(&browser.url()?, "Slow Typist")?;

    fill_in_sign_in(&browser, &ADA)?;
    browser.wait_for_heading("This request is closed")?;
    browser.photograph("consent-expired")
}

/// Requests wait no longer here than a busy machine takes to show one.
fn impatient() -> Result<(Visage, Browser)> {
    let home = Home::new()?;
    fs::write(home.folder().join("visage.toml"), "[lifetimes]\nauthorization_request = \"4s\"\n")?;
    Ok((home.serve()?, Browser::open()?))
}

/// Sends the answer as a click would. While the browser asks whether it may open the app, it passes no click on to the page.
fn send_once_more(browser: &Browser) -> Result<()> {
    let press = "const button = document.querySelector('button[value=authorize]'); button.form.requestSubmit(button)";
    browser.run(press).map(drop)
}

/// Waits until the browser was to open an address of the app's own scheme, for which no page is ever shown. Gives what it says.
fn sent_to_scheme(browser: &Browser, app: &App<'_>) -> Result<Landing> {
    let address = wait_for(PATIENCE, "the browser to be sent to the app", || {
        let asked = browser.traffic()?.into_iter().filter(|(event, _)| event == "Network.requestWillBeSent");
        let mut addresses = asked.filter_map(|(_, event)| event["documentURL"].as_str().map(str::to_owned));
        Ok(addresses.find(|address| address.starts_with("cursor:")))
    })?;
    app.read(&address)
}

/// Waits until a request has expired: then it is no longer told which app it was from.
fn wait_until_expired(address: &str, app: &str) -> Result<()> {
    let address = address.replace("/consent/", "/sign-in?request=");
    wait_for(PATIENCE, "the request to expire", || Ok((!http::get(&address, &[])?.text().contains(app)).then_some(())))
}

/// How many connections the workspace has.
fn ensure_grants(visage: &Visage, browser: &Browser, expected: usize) -> Result<()> {
    open_page(visage, browser, "Authorized apps", "/apps")?;
    let found = browser.all_now(Role::Button, "Revoke")?.len();
    ensure!(found == expected, "there are {found} connections instead of {expected} in {SLUG}: {}", browser.text()?);
    Ok(())
}
