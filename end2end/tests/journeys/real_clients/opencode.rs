//! OpenCode, a coding agent at the command line: its own sign-in, and what it says of its connection.

use anyhow::{Result, bail, ensure};
use end2end::{browser::Browser, terminal_client::TerminalClient};

use super::{ensure_warned_of, guide};
use crate::story::{ADA, ensure_console_is_clean, furnished, open_page, revoke_first};

const NAME: &str = "OpenCode";

#[test]
fn opencode_signs_in_and_notices_that_it_was_taken_back() -> Result<()> {
    let (visage, browser) = furnished()?;
    let opencode = TerminalClient::opencode()?;
    let [add, log_in] = &guide(&visage, &browser, "OpenCode")?[..] else { bail!("the guide has other steps") };
    opencode.run(add)?.ensure_ended_well()?;

    sign_in(&opencode, log_in, &browser)?;
    ensure_state(&opencode, "connected")?;

    open_page(&visage, &browser, "Authorized apps", "/apps")?;
    browser.wait_for_text(NAME)?;
    revoke_first(&browser)?;
    ensure_state(&opencode, "needs authentication")?;
    sign_in(&opencode, log_in, &browser)?;
    ensure_state(&opencode, "connected")?;

    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

fn sign_in(opencode: &TerminalClient, command: &[String], browser: &Browser) -> Result<()> {
    let mut signing_in = opencode.start(command)?;
    browser.go(&signing_in.authorize_url()?)?;
    ensure_warned_of(browser, NAME)?;
    browser.press("Authorize")?;
    let said = signing_in.end()?.ensure_ended_well()?;
    ensure!(said.contains("Authentication successful"), "it signed in with {said}");
    Ok(())
}

/// What it says of its one server.
fn ensure_state(opencode: &TerminalClient, state: &str) -> Result<()> {
    let listed = opencode.run(&["mcp", "list"])?.ensure_ended_well()?;
    let is_told = listed.lines().any(|line| line.contains("visage") && line.trim_end().ends_with(state));
    ensure!(is_told, "it doesn't say {state:?}: {listed}");
    Ok(())
}
