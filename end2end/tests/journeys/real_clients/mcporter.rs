//! `mcporter`, which calls tools from scripts: it signs in where it has to, in the middle of a call too.

use anyhow::{Context, Result, bail, ensure};
use end2end::{
    browser::Browser,
    terminal_client::{TerminalClient, Waiting},
};
use serde_json::Value;

use super::{ensure_warned_of, guide};
use crate::story::{ADA, ensure_console_is_clean, fill_in_sign_in, furnished, open_page, revoke_first};

const NAME: &str = "mcporter (visage)";
const CALL: [&str; 3] = ["call", "visage.get_profile", "username=commander-vega"];

#[test]
fn mcporter_calls_until_it_is_revoked_and_asks_again_in_the_middle_of_a_call() -> Result<()> {
    let (visage, dashboard) = furnished()?;
    let browser = Browser::open()?;
    let mcporter = TerminalClient::mcporter()?;
    let [add, log_in] = &guide(&visage, &dashboard, "mcporter")?[..] else { bail!("the guide has other steps") };
    mcporter.run(add)?.ensure_ended_well()?;

    let mut signing_in = mcporter.start(log_in)?;
    browser.go(&signing_in.authorize_url()?)?;
    fill_in_sign_in(&browser, &ADA)?;
    authorize(&browser, signing_in)?;

    let listed = mcporter.run(&["list", "visage"])?.ensure_ended_well()?;
    for tool in ["get_profile", "get_profile_avatar", "get_publishable_key"] {
        ensure!(listed.contains(&format!("function {tool}(")), "{tool} is not listed: {listed}");
    }
    ensure_profile(&mcporter.run(&CALL)?.ensure_ended_well()?)?;

    open_page(&visage, &dashboard, "Authorized apps", "/apps")?;
    dashboard.wait_for_text(NAME)?;
    revoke_first(&dashboard)?;
    let mut calling = mcporter.start(&CALL)?;
    browser.go(&calling.authorize_url()?)?;
    ensure_profile(&authorize(&browser, calling)?)?;
    open_page(&visage, &dashboard, "Authorized apps", "/apps")?;
    dashboard.wait_for_text(NAME)?;

    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

/// Lets the app in on the consent page, and gives what its command printed.
fn authorize(browser: &Browser, waiting: Waiting) -> Result<String> {
    ensure_warned_of(browser, NAME)?;
    browser.press("Authorize")?;
    waiting.end()?.ensure_ended_well()
}

fn ensure_profile(printed: &str) -> Result<()> {
    let profile: Value = serde_json::from_str(printed).with_context(|| format!("this is no profile: {printed}"))?;
    ensure!(profile["name"] == "Commander Vega", "the profile is {profile}");
    Ok(())
}
