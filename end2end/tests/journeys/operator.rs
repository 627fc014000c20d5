//! Whoever runs the server, in a browser: looks over the apps, blocks one that is connected, adds one by hand.

use anyhow::{Context, Result, ensure};
use end2end::{
    app::App,
    browser::{Browser, Device, Role, Setup, Theme},
    mcp_client::{Generation, McpClient},
    other_site,
};
use serde_json::json;

use crate::story::{
    ADA, SLUG, WITH_PHOTO, WORKSPACE, confirm_first, ensure_console_is_clean, fill_in_sign_in, furnished, open_page,
};

#[test]
fn an_app_that_the_operator_blocks_is_refused_on_its_next_call_until_it_is_unblocked() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut client = McpClient::start(Generation::TypescriptTwo, &visage.url("/mcp"))?;
    browser.go(&client.begin_to_connect()?)?;
    browser.press("Authorize")?;
    client.connected()?;
    browser.wait_for_heading("Back at the client")?;
    let question = json!({"linkedin_url": WITH_PHOTO});
    client.call("get_profile", &question)?;

    // Whoever signed up first runs the server, and finds the way there.
    open_page(&visage, &browser, "Authorized apps", "/apps")?;
    browser.one_by_css(".switcher > summary")?.click()?;
    browser.follow("This server")?;
    browser.wait_for_heading("Clients")?;
    browser.photograph("clients")?;
    confirm_first(&browser, "Block now", "Its next request is refused.")?;
    let story = client.call_in_vain("get_profile", &question)?;
    let first = &story["http"][0];
    ensure!(first["status"] == 401 && first["path"] == "/mcp", "the call was answered with {first}");
    let refresh = story["http"].as_array().into_iter().flatten().find(|exchange| exchange["path"] == "/token");
    let refresh = refresh.context("the client did not try to refresh")?;
    ensure!(refresh["error"] == "invalid_client", "the refresh was answered with {refresh}");

    browser.press("Unblock")?;
    browser.wait_for_text("The rules decide about it again")?;
    ensure_console_is_clean(&visage, &browser)
}

#[test]
fn without_scripts_an_operator_adds_an_app_that_connects_while_all_others_wait() -> Result<()> {
    let (visage, _) = furnished()?;
    let phone = Browser::open_with(Setup::NoScripts)?;
    phone.show(Device::Phone, Theme::Light)?;
    phone.go(&visage.url("/server/rules"))?;
    phone.wait_for_heading("Sign in")?;
    fill_in_sign_in(&phone, &ADA)?;
    phone.wait_for_heading("Rules for clients")?;
    phone.go(&visage.url("/server/rules?default=ask"))?;
    phone.submit("Change rule")?;
    phone.wait_for_text("Wait for approval: every app that no rule fits")?;

    let callback = other_site::serve("<h1>Back at the app</h1>".to_owned())? + "callback";
    let stranger = App::register(&visage, "Badge Printer", &callback)?;
    phone.go(&stranger.authorize_url()?)?;
    phone.wait_for_heading("Waiting for approval")?;
    phone.photograph_as_shown("waiting-for-approval-phone-light")?;

    phone.go(&visage.url("/server/clients"))?;
    phone.wait_for_text("1 app waits for your approval")?;
    phone.follow("Add a client")?;
    phone.wait_for_heading("Add a client")?;
    phone.fill("Name", "Contact desk")?;
    phone.fill("Redirect URIs", &callback)?;
    phone.submit("Add client")?;
    phone.wait_for_text("may be authorized now")?;
    let id = phone.one_by_css(".pairs-copied code")?.text()?;
    let app = App::known(&visage, &id, &callback);
    let token = connect(&phone, &app)?;
    let profile = app.call(&token, "get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
    ensure!(profile["structuredContent"]["found"] == true, "the app was answered {profile}");

    phone.go(&visage.url("/server/clients?standing=waiting"))?;
    confirm_first(&phone, "Approve", "is allowed: people may authorize it from now on")?;
    connect(&phone, &stranger)?;
    Ok(())
}

#[test]
fn on_a_phone_every_page_of_the_server_is_within_reach_and_so_is_the_workspace() -> Result<()> {
    let (visage, browser) = furnished()?;
    browser.show(Device::Phone, Theme::Light)?;
    browser.go(&visage.url("/server/attempts"))?;
    browser.wait_for_heading("Attempts to connect")?;
    browser.photograph_as_shown("server-menu-phone-light")?;
    let hidden = "const menu = document.querySelector('nav.menu').getBoundingClientRect(); \
                  return [...document.querySelectorAll('nav.menu a')].map(link => link.getBoundingClientRect()) \
                  .filter(link => link.left < 0 || link.right > innerWidth || link.bottom > menu.bottom + 1).length";
    ensure!(browser.run(hidden)? == 0, "a place of the menu lies outside of what is seen");
    browser.follow("Clients")?;
    browser.wait_for_heading("Clients")?;
    browser.follow("Back to your workspace")?;
    browser.wait_for_path(&format!("/w/{SLUG}"))?;
    ensure_console_is_clean(&visage, &browser)
}

#[test]
fn a_connection_that_is_moved_acts_in_the_other_workspace_on_its_next_call() -> Result<()> {
    let (visage, browser) = furnished()?;
    visage.command(&["workspace", "create", "Babbage Labs", "--owner", ADA.email])?;
    let callback = other_site::serve("<h1>Back at the app</h1>".to_owned())? + "callback";
    let app = App::register(&visage, "Contact desk", &callback)?;
    browser.go(&app.authorize_url()?)?;
    ensure!(browser.find(Role::Radio, WORKSPACE)?.is_chosen()?, "the first workspace is not chosen");
    browser.press("Authorize")?;
    let token = app.connect(&landed(&browser, &app)?)?;
    let found = |app: &App<'_>| -> Result<bool> {
        let profile = app.call(&token, "get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
        profile["structuredContent"]["found"].as_bool().with_context(|| format!("no answer: {profile}"))
    };
    ensure!(found(&app)?, "the imported person is not found");

    browser.go(&visage.url(&format!("/w/{SLUG}/apps")))?;
    confirm_first(&browser, "Move", "to Babbage Labs. Its next request acts there.")?;
    ensure!(!found(&app)?, "the app still sees the people of the workspace that it left");
    browser.go(&visage.url("/w/babbage-labs/apps"))?;
    browser.wait_for_text("Contact desk")?;
    ensure_console_is_clean(&visage, &browser)
}

fn connect(browser: &Browser, app: &App<'_>) -> Result<String> {
    browser.go(&app.authorize_url()?)?;
    browser.press("Authorize")?;
    app.connect(&landed(browser, app)?)
}

/// The code that the browser has brought to the app's page.
fn landed(browser: &Browser, app: &App<'_>) -> Result<String> {
    let address = browser.wait_for_url("the app's own page", |url| url.contains("/callback"))?;
    app.read(&address)?.code.context("no code was sent")
}
