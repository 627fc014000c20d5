//! The official conformance suite: our transport and our checks with the suite's own tools behind them, the connector as it
//! is, and the authorization server.

use anyhow::{Context, Result, ensure};
use end2end::{
    app::App,
    browser::{Browser, Role},
    conformance::{AuthorizationRun, Bearer, Fixture, Transport},
    other_site,
    visage::{Visage, free_port},
};

use crate::story::{ADA, sign_up_with_workspace};

const OLDER: &str = "2025-11-25";
const CURRENT: &str = "2026-07-28";

#[test]
fn the_transport_meets_every_requirement_of_both_eras() -> Result<()> {
    let (visage, _browser, token) = connected()?;
    let fixture = Fixture::start(&visage.home, Transport::Stateless)?;
    let stateless = Bearer::before(fixture.port, &token)?;
    stateless.ensure_meets(CURRENT, "stateless", None)?;
    stateless.ensure_meets(OLDER, "stateless", Some("stateless-2025-11-25.yaml"))?;

    let fixture = Fixture::start(&visage.home, Transport::Sessions)?;
    let with_sessions = Bearer::before(fixture.port, &token)?;
    with_sessions.ensure_meets(OLDER, "sessions", None)?;
    with_sessions.ensure_meets(CURRENT, "sessions", None)
}

#[test]
fn the_connector_lacks_only_the_suites_own_tools() -> Result<()> {
    let (visage, _browser, token) = connected()?;
    let connector = Bearer::before(visage.home.port, &token)?;
    connector.ensure_meets(OLDER, "connector", Some("connector-2025-11-25.yaml"))?;
    connector.ensure_meets(CURRENT, "connector", Some("connector-2026-07-28.yaml"))
}

#[test]
fn the_authorization_server_passes_the_official_suite() -> Result<()> {
    let visage = Visage::start()?;
    let browser = Browser::open()?;
    sign_up_with_workspace(&visage, &browser, &ADA)?;
    let port = free_port()?;
    let app = App::register(&visage, "Conformance", &format!("http://127.0.0.1:{port}/callback"))?;

    let mut run = AuthorizationRun::begin(&visage.url(""), app.client_id(), port)?;
    browser.go(&run.authorize_url(&visage.url("/authorize?"))?)?;
    browser.find(Role::Button, "Authorize")?;
    browser.press("Authorize")?;
    browser.wait_for_text("You can close this page.")?;

    let said = run.finish()?;
    for scenario in ["authorization-server-metadata-endpoint", "authorization-code-grant"] {
        let passed = said.lines().any(|line| line.contains(scenario) && line.contains("✓"));
        ensure!(passed, "{scenario} did not pass: {said}");
    }
    ensure!(!said.contains("SKIPPED") && !said.contains("WARNING"), "the suite was not content: {said}");
    Ok(())
}

/// A house with one person, and a token that she let an app have.
fn connected() -> Result<(Visage, Browser, String)> {
    let visage = Visage::start()?;
    let browser = Browser::open()?;
    sign_up_with_workspace(&visage, &browser, &ADA)?;
    let app =
        App::register(&visage, "Conformance", &(other_site::serve("<h1>Thank you</h1>".to_owned())? + "callback"))?;
    browser.go(&app.authorize_url()?)?;
    browser.press("Authorize")?;
    let address = browser.wait_for_url("the app's own page", |url| url.contains("/callback"))?;
    let code = app.read(&address)?.code.context("no code was sent")?;
    let token = app.connect(&code)?;
    Ok((visage, browser, token))
}
