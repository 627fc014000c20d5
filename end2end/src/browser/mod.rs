//! A headless Chromium, driven over WebDriver. Things on a page are found as assistive technology finds them: by role and
//! accessible name, both as the browser itself computes them.

mod driver;
mod element;
mod look;
mod tabs;
mod traffic;

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use url::Url;

use crate::patience::wait_for;
use driver::Driver;
pub use element::{Element, Role};
pub use look::{Device, Theme};

const PATIENCE: Duration = Duration::from_secs(15);

/// How a person has set up their browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    Usual,
    NoScripts,
    NoThirdPartyCookies,
}

/// A browser of its own, with no cookies yet. It is closed with the value.
#[derive(Debug)]
pub struct Browser {
    driver: Driver,
}

impl Browser {
    pub fn open() -> Result<Self> {
        Self::open_with(Setup::Usual)
    }

    pub fn open_with(setup: Setup) -> Result<Self> {
        let browser = Self { driver: Driver::start(setup)? };
        browser.show(Device::Desktop, Theme::Light)?;
        Ok(browser)
    }

    pub fn go(&self, url: &str) -> Result<()> {
        self.driver.post("url", &json!({"url": url})).with_context(|| format!("opening {url}"))?;
        Ok(())
    }

    /// The browser's own button.
    pub fn back(&self) -> Result<()> {
        self.driver.post("back", &json!({})).map(drop)
    }

    pub fn url(&self) -> Result<String> {
        text(&self.driver.get("url")?)
    }

    /// Waits until the address satisfies a condition, and gives it.
    pub fn wait_for_url(&self, what: &str, is_there: impl Fn(&str) -> bool) -> Result<String> {
        wait_for(PATIENCE, what, || Ok(Some(self.url()?).filter(|url| is_there(url)))).with_context(|| self.situation())
    }

    /// Waits until the browser is at this path, and gives the whole address. An address that names the path, as
    /// `/sign-in?to=/account` does, is not there yet.
    pub fn wait_for_path(&self, path: &str) -> Result<String> {
        self.wait_for_url(&format!("the page at {path}"), |url| Url::parse(url).is_ok_and(|url| url.path() == path))
    }

    /// The visible text of the page.
    pub fn text(&self) -> Result<String> {
        self.one_by_css("body")?.text()
    }

    /// Waits until the page shows these words.
    pub fn wait_for_text(&self, words: &str) -> Result<()> {
        // A page may go away while it is read; what counts is the one that comes.
        wait_for(PATIENCE, &format!("the words {words:?}"), || Ok(self.text().ok().filter(|text| text.contains(words))))
            .map(drop)
            .with_context(|| self.situation())
    }

    /// The one element of this role and accessible name, once it is there.
    pub fn find(&self, role: Role, name: &str) -> Result<Element<'_>> {
        wait_for(PATIENCE, &format!("{role:?} {name:?}"), || Ok(self.find_now(role, name).ok().flatten()))
            .with_context(|| self.situation())
    }

    /// The first element of this role and accessible name that is there now.
    pub fn find_now(&self, role: Role, name: &str) -> Result<Option<Element<'_>>> {
        Ok(self.all_now(role, name)?.into_iter().next())
    }

    /// All elements of this role and name that are there now. A longer name counts when it begins with the words: `Revoke Claude`
    /// is a `Revoke`, unless one is called exactly so.
    pub fn all_now(&self, role: Role, name: &str) -> Result<Vec<Element<'_>>> {
        let mut exact = Vec::new();
        let mut longer = Vec::new();
        for element in self.by_css(role.candidates())? {
            let label = element.label()?;
            if label == name {
                exact.push(element);
            } else if label.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')) {
                longer.push(element);
            }
        }
        Ok(if exact.is_empty() { longer } else { exact })
    }

    /// Types into a field after emptying it.
    pub fn fill(&self, field: &str, value: &str) -> Result<()> {
        let field = self.find(Role::Field, field)?;
        field.clear()?;
        field.type_in(value)
    }

    pub fn press(&self, button: &str) -> Result<()> {
        self.find(Role::Button, button)?.click()
    }

    /// Presses a button that sends a form, and waits until the page is gone on which it stood. The page that answers may look
    /// like it: refused forms do.
    pub fn submit(&self, button: &str) -> Result<()> {
        let page = self.one_by_css("html")?;
        self.press(button)?;
        wait_for(PATIENCE, &format!("the answer to {button:?}"), || Ok(page.text().is_err().then_some(())))
            .with_context(|| self.situation())
    }

    pub fn follow(&self, link: &str) -> Result<()> {
        self.find(Role::Link, link)?.click()
    }

    /// The page's one `h1`.
    pub fn heading(&self) -> Result<String> {
        let headings = self.by_css("h1")?;
        ensure!(headings.len() == 1, "a page has one h1, and this has {}: {}", headings.len(), self.situation());
        headings[0].text()
    }

    /// Waits for a page with this heading.
    pub fn wait_for_heading(&self, heading: &str) -> Result<()> {
        wait_for(PATIENCE, &format!("the heading {heading:?}"), || {
            Ok(self.heading().ok().filter(|found| found == heading))
        })
        .map(drop)
        .with_context(|| self.situation())
    }

    /// Elements that a style selector finds. Only for what has no name: charts, images.
    pub fn by_css(&self, selector: &str) -> Result<Vec<Element<'_>>> {
        let found = self.driver.post("elements", &json!({"using": "css selector", "value": selector}))?;
        Ok(found.as_array().into_iter().flatten().filter_map(|value| Element::from(&self.driver, value)).collect())
    }

    pub fn one_by_css(&self, selector: &str) -> Result<Element<'_>> {
        self.by_css(selector)?.into_iter().next().with_context(|| format!("nothing matches {selector}"))
    }

    /// Runs a script in the page and gives what it returns.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.driver.post("execute/sync", &json!({"script": script, "args": []}))
    }

    /// What the page's clipboard holds.
    pub fn clipboard(&self) -> Result<String> {
        self.driver.cdp("Browser.grantPermissions", &json!({"permissions": ["clipboardReadWrite"]}))?;
        let script = "navigator.clipboard.readText().then(arguments[0], error => arguments[0](String(error)))";
        text(&self.driver.post("execute/async", &json!({"script": script, "args": []}))?)
    }

    /// Faults that the console has noted since it was last asked: failed requests, refused scripts, panics.
    pub fn console_faults(&self) -> Result<Vec<String>> {
        let entries = self.driver.post("se/log", &json!({"type": "browser"}))?;
        let severe = entries.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        Ok(severe.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// The cookies of the page's site.
    pub fn cookies(&self) -> Result<Vec<Value>> {
        Ok(self.driver.get("cookie")?.as_array().cloned().unwrap_or_default())
    }

    /// Where the browser is and what it shows, for messages.
    fn situation(&self) -> String {
        let url = self.url().unwrap_or_default();
        let text = self.text().unwrap_or_default();
        let shown: String = text.chars().take(1500).collect();
        format!("the browser is at {url} and shows:\n{shown}")
    }
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().with_context(|| format!("the browser answered {value}"))?.to_owned())
}
