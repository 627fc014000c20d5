//! The two libraries that believe an authorization server least: oauth4webapi and openid-client.

use anyhow::{Context, Result, ensure};
use end2end::{browser::Browser, conversation::Conversation};
use serde_json::{Value, json};

use crate::story::{ADA, ensure_console_is_clean, furnished};

const METHODS: [&str; 3] = ["none", "client_secret_basic", "client_secret_post"];

#[test]
fn oauth4webapi_finds_nothing_to_object_to() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut library = Conversation::script("oauth", "oauth4webapi.mjs", &[&visage.url("/mcp")])?;
    for method in METHODS {
        ensure_walked(&mut library, &browser, method)?;
    }
    answered(&mut library, &browser, &json!({"do": "refusals"}), "Authorize", "refused")?;
    answered(&mut library, &browser, &json!({"do": "denial"}), "Cancel", "denied")?;
    ensure_console_is_clean(&visage, &browser)?;
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

#[test]
fn openid_client_finds_nothing_to_object_to() -> Result<()> {
    let (visage, browser) = furnished()?;
    let mut library = Conversation::script("oauth", "openid-client.mjs", &[&visage.url("/mcp")])?;
    for method in METHODS {
        ensure_walked(&mut library, &browser, method)?;
    }
    Ok(())
}

/// Metadata, registration, consent, code, refresh and revocation.
fn ensure_walked(library: &mut Conversation, browser: &Browser, method: &str) -> Result<()> {
    let walked = answered(library, browser, &json!({"do": "walk", "method": method}), "Authorize", "walked")
        .with_context(|| format!("with {method}"))?;
    ensure!(walked["scope"] == "openid profile email offline_access", "the scope is {walked}");
    Ok(())
}

/// What a command comes to, once the person has pressed a button for it.
fn answered(
    library: &mut Conversation,
    browser: &Browser,
    command: &Value,
    button: &str,
    event: &str,
) -> Result<Value> {
    library.say(command)?;
    let asked = library.hear_event("authorize")?;
    browser.go(asked["url"].as_str().context("the client names no URL")?)?;
    browser.press(button)?;
    library.hear_event(event)
}
