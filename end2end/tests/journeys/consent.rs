//! Ways to the consent screen and away from it: without scripts, on a phone, without an account, without a workspace.

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::{Browser, Device, Role, Setup, Theme},
    http,
    mcp_client::{Generation, McpClient},
    visage::{Home, Visage},
};
use serde_json::json;

use crate::story::{ADA, GRACE, SLUG, fill_in_sign_in, fill_in_sign_up, fill_in_workspace, furnished};

/// A phone whose browser runs no scripts.
fn plain_phone() -> Result<Browser> {
    let browser = Browser::open_with(Setup::NoScripts)?;
    browser.show(Device::Phone, Theme::Light)?;
    Ok(browser)
}

#[test]
fn without_scripts_a_person_signs_in_on_the_way_and_comes_back_to_the_request() -> Result<()> {
    let (visage, _) = furnished()?;
    let phone = plain_phone()?;
    let mut client = McpClient::start(Generation::TypescriptTwo, &visage.url("/mcp"))?;

    phone.go(&client.begin_to_connect()?)?;
    phone.wait_for_heading("Sign in")?;
    phone.photograph_as_shown("sign-in-on-the-way-phone-light")?;
    fill_in_sign_in(&phone, &ADA)?;
    phone.wait_for_text("Granting access as")?;
    phone.photograph_as_shown("consent-without-scripts-phone-light")?;
    ensure_buttons_stay_in_view(&phone)?;
    // By keyboard, which brings a thing into view before it acts on it; a click trusts that what is in the window can be hit.
    let email = phone.find(Role::Checkbox, "email")?;
    email.type_in(" ")?;
    ensure!(!email.is_chosen()?, "the space bar does not switch email off");
    let bottom = email.top_and_height().map(|(top, height)| top + height)?;
    let (foot, _) = phone.one_by_css("footer")?.top_and_height()?;
    ensure!(bottom <= foot, "the checkbox ends at {bottom}, below the buttons that begin at {foot}");
    phone.press("Authorize")?;

    let connected = client.connected()?;
    let scopes: Vec<_> = connected["scope"].as_str().context("no scope was told")?.split(' ').collect();
    ensure!(!scopes.contains(&"email"), "email was switched off and granted: {scopes:?}");
    ensure!(scopes.contains(&"openid"), "openid is required and missing: {scopes:?}");
    phone.wait_for_heading("Back at the client")
}

#[test]
fn without_scripts_a_person_signs_up_and_makes_a_workspace_on_the_way() -> Result<()> {
    let visage = Visage::start()?;
    let phone = plain_phone()?;
    let mut client = McpClient::start(Generation::Python, &visage.url("/mcp"))?;

    phone.go(&client.begin_to_connect()?)?;
    phone.wait_for_heading("Sign in")?;
    phone.follow("Create account")?;
    phone.wait_for_heading("Create account")?;
    fill_in_sign_up(&phone, &GRACE)?;
    phone.wait_for_text("Granting access as")?;
    ensure!(phone.find_now(Role::Button, "Authorize")?.is_none(), "there is nothing to authorize for yet");
    phone.photograph_as_shown("consent-without-workspace-phone-light")?;
    fill_in_workspace(&phone, "Compilers & Co")?;
    phone.find(Role::Button, "Authorize")?.click()?;

    client.connected()?;
    let profile = client.call("get_profile", &json!({"username": "grace-hopper"}))?;
    ensure!(profile["isError"] != true, "the new workspace has no access: {profile}");
    phone.go(&visage.url("/w/compilers-co/apps"))?;
    phone.wait_for_heading("Authorized apps")?;
    phone.wait_for_text(&Generation::Python.client_name())
}

#[test]
fn a_request_is_answered_once() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut client = McpClient::start(Generation::TypescriptOne, &visage.url("/mcp"))?;
    browser.go(&client.begin_to_connect()?)?;
    browser.find(Role::Button, "Authorize")?;
    let consent = browser.url()?;
    browser.press("Authorize")?;
    client.connected()?;

    browser.go(&consent)?;
    browser.wait_for_heading("This request is closed")?;
    browser.photograph("consent-gone")
}

#[test]
fn one_of_several_workspaces_is_chosen() -> Result<()> {
    let (visage, browser) = furnished()?;
    visage.command(&["workspace", "create", "Babbage Labs", "--owner", ADA.email])?;
    let mut client = McpClient::start(Generation::Python, &visage.url("/mcp"))?;

    browser.go(&client.begin_to_connect()?)?;
    browser.find(Role::Group, "Workspace")?;
    browser.photograph("consent-with-choice")?;
    browser.find(Role::Radio, "Babbage Labs")?.click()?;
    browser.submit("Switch")?;
    browser.find(Role::Button, "Authorize")?;
    ensure!(browser.find(Role::Radio, "Babbage Labs")?.is_chosen()?, "Switch forgot the choice");
    browser.press("Authorize")?;
    client.connected()?;

    browser.go(&visage.url("/w/babbage-labs/apps"))?;
    browser.wait_for_text(&Generation::Python.client_name())?;
    browser.go(&visage.url(&format!("/w/{SLUG}/apps")))?;
    browser.wait_for_heading("Authorized apps")?;
    let text = browser.text()?;
    ensure!(!text.contains(&Generation::Python.client_name()), "the other workspace has the connection too:\n{text}");
    Ok(())
}

#[test]
fn the_address_of_a_workspace_binds_to_it() -> Result<()> {
    let (visage, browser) = furnished()?;
    visage.command(&["workspace", "create", "Babbage Labs", "--owner", ADA.email])?;
    let mut client = McpClient::start(Generation::TypescriptTwo, &visage.url("/mcp/babbage-labs"))?;

    browser.go(&client.begin_to_connect()?)?;
    browser.find(Role::Button, "Authorize")?;
    let text = browser.text()?;
    ensure!(text.contains("Babbage Labs"), "the workspace isn't shown:\n{text}");
    browser.press("Authorize")?;
    client.connected()?;
    let profile = client.call("get_profile", &json!({"username": "commander-vega"}))?;
    ensure!(
        profile["structuredContent"]["name"] != "Commander Vega",
        "people of another workspace are seen: {profile}"
    );
    Ok(())
}

#[test]
fn a_fault_before_the_client_is_known_is_a_page_and_no_redirect() -> Result<()> {
    let visage = Visage::start()?;
    let browser = Browser::open()?;
    let url = visage.url("/authorize?response_type=code&client_id=nobody&redirect_uri=https://evil.example/");
    let answer = http::get(&url, &[])?;
    ensure!(answer.status == 400, "the answer is {}", answer.status);
    ensure!(answer.header("location").is_empty(), "it redirects to {}", answer.header("location"));
    browser.go(&url)?;
    browser.heading()?;
    browser.photograph("authorize-fault")
}

#[test]
fn an_account_that_was_disabled_loses_its_connections() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut client = McpClient::start(Generation::TypescriptOne, &visage.url("/mcp"))?;
    browser.go(&client.begin_to_connect()?)?;
    browser.press("Authorize")?;
    client.connected()?;

    visage.command(&["user", "disable", ADA.email])?;

    let story = client.call_in_vain("get_profile", &json!({"username": "commander-vega"}))?;
    ensure!(story["http"][0]["status"] == 401, "a disabled account was served: {story}");
    browser.go(&visage.url(&format!("/w/{SLUG}")))?;
    browser.wait_for_heading("Sign in")
}

#[test]
fn where_sign_up_is_closed_the_page_says_so() -> Result<()> {
    let visage = Home::new()?.with("VISAGE_SIGN_UP", "closed").serve()?;
    let browser = Browser::open()?;
    browser.go(&visage.url("/sign-up"))?;
    browser.wait_for_heading("Create account")?;
    ensure!(browser.find_now(Role::Button, "Create account")?.is_none(), "the form is still there");
    browser.photograph("sign-up-closed")
}

/// On a phone the two buttons stay in view, however long the page.
fn ensure_buttons_stay_in_view(phone: &Browser) -> Result<()> {
    for name in ["Authorize", "Cancel"] {
        let button = phone.find(Role::Button, name)?;
        let (top, height) = button.top_and_height()?;
        ensure!(top >= 0.0 && top + height <= 844.0, "{name} is at {top} of a screen of 844 pixels");
    }
    Ok(())
}
