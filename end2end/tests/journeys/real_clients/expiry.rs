//! Access tokens that end while a client is at work: each library renews its own, and the person notices nothing.

use std::{fs, time::Duration};

use anyhow::{Context, Result, ensure};
use end2end::{
    browser::Browser,
    mcp_client::{Generation, McpClient},
    patience::wait_for,
    visage::{Home, Visage},
};
use serde_json::json;

use crate::story::{ADA, WITH_PHOTO, furnish};

/// Longer than a few of the short lives below.
const PATIENCE: Duration = Duration::from_secs(30);
/// A connection that outlives this many tokens outlives any number.
const LIVES: usize = 2;

#[test]
fn a_token_that_ends_in_the_middle_is_renewed_without_the_person() -> Result<()> {
    let home = Home::new()?;
    fs::write(home.folder().join("visage.toml"), "[lifetimes]\naccess_token = \"3s\"\n")?;
    let visage = home.serve()?;
    let browser = furnish(&visage)?;
    for generation in [Generation::TypescriptOne, Generation::TypescriptTwo, Generation::Python] {
        outlives_its_tokens(&visage, &browser, generation).with_context(|| generation.name().to_owned())?;
    }
    visage.ensure_log_keeps_secrets(&[ADA.password, ADA.email])
}

fn outlives_its_tokens(visage: &Visage, browser: &Browser, generation: Generation) -> Result<()> {
    let mut client = McpClient::start(generation, &visage.url("/mcp"))?;
    browser.go(&client.begin_to_connect()?)?;
    browser.press("Authorize")?;
    client.connected()?;
    for _ in 0..LIVES {
        wait_for(PATIENCE, "a token to end", || {
            // Every call must work, whatever becomes of the token meanwhile.
            let exchanges = client.exchanges_of_call("get_profile", &json!({"linkedin_url": WITH_PHOTO}))?;
            let renewal = exchanges.iter().find(|exchange| exchange["path"] == "/token");
            if let Some(renewal) = renewal {
                ensure!(renewal["status"] == 200, "the refresh was refused: {exchanges:#?}");
            }
            Ok(renewal.map(drop))
        })?;
    }
    Ok(())
}
