//! A chromedriver process and its one session: the W3C WebDriver protocol, as far as the journeys need it.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Setup;
use crate::{
    http,
    patience::wait_for,
    programs::{Companion, Lines, find, variable},
};

const LATENCY: &str = "E2E_LATENCY_MS";
const START: Duration = Duration::from_secs(30);

/// So that nothing but the pages under test is asked for, and so that it runs in a container.
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
];

#[derive(Debug)]
pub struct Driver {
    session: String,
    _process: Companion,
}

impl Driver {
    pub fn start(setup: Setup) -> Result<Self> {
        let browser = find(&["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])?;
        let mut process = Companion(
            Command::new(find(&["chromedriver"])?)
                .arg("--port=0")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?,
        );
        let said = Lines::default();
        drop(said.collect(process.0.stdout.take().context("chromedriver has no stdout")?));
        let port: u16 = wait_for(START, "chromedriver to name its port", || {
            Ok(said.find(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()))
        })?;
        // What the browser's own settings pages write.
        let preferences = match setup {
            Setup::Usual => json!({}),
            Setup::NoScripts => json!({"profile.managed_default_content_settings.javascript": 2}),
            Setup::NoThirdPartyCookies => {
                json!({"profile.cookie_controls_mode": 1, "profile.block_third_party_cookies": true})
            }
        };
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"binary": browser, "args": FLAGS, "prefs": preferences},
        }}});
        let sessions = format!("http://127.0.0.1:{port}/session");
        let created = value(&http::post_json(&sessions, &[], &capabilities)?)?;
        let id = created["sessionId"].as_str().context("chromedriver made no session")?;
        let driver = Self { session: format!("{sessions}/{id}"), _process: process };
        driver.slow_down()?;
        Ok(driver)
    }

    /// Holds every request back by the milliseconds of `E2E_LATENCY_MS`, so that a journey that acts on a page which is about
    /// to go away fails each time, not once in a hundred.
    fn slow_down(&self) -> Result<()> {
        let Some(latency) = variable(LATENCY) else { return Ok(()) };
        let latency: u32 = latency.parse().with_context(|| format!("{LATENCY} is milliseconds, not {latency:?}"))?;
        let conditions = json!({"offline": false, "latency": latency, "throughput": -1});
        self.post("chromium/network_conditions", &json!({"network_conditions": conditions})).map(drop)
    }

    pub fn get(&self, path: &str) -> Result<Value> {
        value(&http::get(&format!("{}/{path}", self.session), &[])?)
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        value(&http::post_json(&format!("{}/{path}", self.session), &[], body)?)
    }

    /// A command of the DevTools protocol, for what WebDriver has no words for.
    pub fn cdp(&self, command: &str, parameters: &Value) -> Result<Value> {
        self.post("goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Closes the browser, which killing the driver alone would leave behind.
        let _ = http::delete(&self.session);
    }
}

fn value(answer: &http::Answer) -> Result<Value> {
    let mut json = answer.json()?;
    let value = json["value"].take();
    if answer.status != 200 {
        let said = value["message"].as_str().unwrap_or_default();
        bail!("the browser refused: {} {}", value["error"], said.lines().next().unwrap_or_default());
    }
    Ok(value)
}
