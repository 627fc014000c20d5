//! Two tabs of one browser: what a person sees in one of them is what they grant there, whatever the other has switched.

use anyhow::{Context, Result, ensure};
use end2end::{
    app::App,
    browser::{Browser, Role},
    other_site,
    visage::Visage,
};
use serde_json::json;

use crate::story::{ADA, GRACE, Person, SLUG, WITH_PHOTO, WORKSPACE, fill_in_sign_in, furnished};

#[test]
fn a_second_tab_that_switched_the_account_never_grants_for_the_wrong_one() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = app(&visage)?;
    account(&visage, &GRACE)?;
    visage.command(&["workspace", "create", "Compilers", "--owner", GRACE.email])?;
    browser.go(&app.authorize_url()?)?;
    browser.wait_for_text(ADA.email)?;
    let first = browser.tab()?;

    browser.open_tab()?;
    browser.go(&visage.url("/account"))?;
    browser.submit("Sign out")?;
    browser.find(Role::Link, "Sign in")?.click()?;
    browser.wait_for_heading("Sign in")?;
    fill_in_sign_in(&browser, &GRACE)?;
    browser.wait_for_path("/w/compilers")?;

    browser.look_at(&first)?;
    browser.press("Authorize")?;
    browser.wait_for_text("Nothing was granted yet")?;
    browser.wait_for_text(GRACE.email)?;
    browser.photograph("consent-account-changed")?;
    for workspace in [SLUG, "compilers"] {
        let connections = connections(&visage, workspace)?;
        ensure!(
            connections == 0,
            "{workspace} has {connections} connections although nobody has agreed to what they saw"
        );
    }

    // Seen and agreed to, it is Grace's.
    browser.press("Authorize")?;
    let token = app.connect(&landed(&browser, &app)?)?;
    let profile = app.call(&token, "get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
    ensure!(profile["structuredContent"]["name"] != "Commander Vega", "Ada's people are seen: {profile}");
    Ok(())
}

#[test]
fn a_second_tab_that_switched_the_workspace_does_not_change_what_the_first_grants() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = app(&visage)?;
    visage.command(&["workspace", "create", "Babbage Labs", "--owner", ADA.email])?;
    browser.go(&app.authorize_url()?)?;
    ensure!(browser.find(Role::Radio, WORKSPACE)?.is_chosen()?, "the first workspace is not chosen");
    let consent = browser.url()?;
    let first = browser.tab()?;

    browser.open_tab()?;
    browser.go(&consent)?;
    browser.find(Role::Radio, "Babbage Labs")?.click()?;
    browser.submit("Switch")?;
    browser.find(Role::Button, "Authorize")?;
    ensure!(browser.find(Role::Radio, "Babbage Labs")?.is_chosen()?, "Switch forgot the choice");
    browser.go(&visage.url("/w/babbage-labs"))?;

    browser.look_at(&first)?;
    browser.press("Authorize")?;
    let token = app.connect(&landed(&browser, &app)?)?;
    let profile = app.call(&token, "get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
    ensure!(profile["structuredContent"]["name"] == "Commander Vega", "another workspace was granted: {profile}");
    ensure!(connections(&visage, "babbage-labs")? == 0, "the other workspace was granted too");
    Ok(())
}

#[test]
fn a_second_tab_that_signed_out_leads_through_signing_in_back_to_the_request() -> Result<()> {
    let (visage, browser) = furnished()?;
    let app = app(&visage)?;
    browser.go(&app.authorize_url()?)?;
    browser.find(Role::Button, "Authorize")?;
    let first = browser.tab()?;

    browser.open_tab()?;
    browser.go(&visage.url("/account"))?;
    browser.submit("Sign out")?;
    browser.find(Role::Link, "Sign in")?;

    browser.look_at(&first)?;
    browser.press("Authorize")?;
    browser.wait_for_heading("Sign in")?;
    fill_in_sign_in(&browser, &ADA)?;
    browser.press("Authorize")?;
    app.connect(&landed(&browser, &app)?)?;
    Ok(())
}

#[test]
fn a_second_tab_for_a_second_app_does_not_disturb_the_first() -> Result<()> {
    let (visage, browser) = furnished()?;
    let (one, other) = (app(&visage)?, app(&visage)?);
    browser.go(&one.authorize_url()?)?;
    browser.find(Role::Button, "Authorize")?;
    let first = browser.tab()?;

    browser.open_tab()?;
    browser.go(&other.authorize_url()?)?;
    browser.press("Authorize")?;
    other.connect(&landed(&browser, &other)?)?;

    browser.look_at(&first)?;
    browser.press("Authorize")?;
    one.connect(&landed(&browser, &one)?)?;
    Ok(())
}

fn app(visage: &Visage) -> Result<App<'_>> {
    App::register(visage, "Two Minds", &(other_site::serve("<h1>Back at the app</h1>".to_owned())? + "callback"))
}

fn account(visage: &Visage, person: &Person) -> Result<()> {
    let arguments = ["user", "create", "--email", person.email, "--name", person.name, "--password-stdin"];
    let said = visage.home.run_with_input(&arguments, person.password)?;
    ensure!(said.code == Some(0), "the account was not made: {said:?}");
    Ok(())
}

/// The code that the browser has brought to the app's page.
fn landed(browser: &Browser, app: &App<'_>) -> Result<String> {
    let address = browser.wait_for_url("the app's own page", |url| url.contains("/callback"))?;
    app.read(&address)?.code.context("no code was sent")
}

/// How many connections a workspace has, as one of its members sees it in a browser of their own.
fn connections(visage: &Visage, workspace: &str) -> Result<usize> {
    let browser = Browser::open()?;
    browser.go(&visage.url(&format!("/sign-in?to=/w/{workspace}/apps")))?;
    fill_in_sign_in(&browser, if workspace == "compilers" { &GRACE } else { &ADA })?;
    browser.wait_for_heading("Authorized apps")?;
    Ok(browser.all_now(Role::Button, "Revoke")?.len())
}
