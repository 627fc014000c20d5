//! Several tabs of one browser, which share their cookies.

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::{Browser, Device, Theme, text};
use crate::patience::wait_for;

const PATIENCE: Duration = Duration::from_secs(15);

/// A tab, or a window that a page has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab(String);

impl Browser {
    /// The tab that is looked at.
    pub fn tab(&self) -> Result<Tab> {
        Ok(Tab(text(&self.driver.get("window")?)?))
    }

    /// Opens an empty tab and looks at it.
    pub fn open_tab(&self) -> Result<Tab> {
        let opened = self.driver.post("window/new", &json!({"type": "tab"}))?;
        let tab = Tab(text(&opened["handle"])?);
        self.look_at(&tab)?;
        self.show(Device::Desktop, Theme::Light)?;
        Ok(tab)
    }

    /// Looks at another tab from now on.
    pub fn look_at(&self, tab: &Tab) -> Result<()> {
        self.driver.post("window", &json!({"handle": tab.0})).map(drop)
    }

    /// Waits until a page has opened a tab besides `known`, and looks at it.
    pub fn look_at_opened(&self, known: &[Tab]) -> Result<Tab> {
        let opened = wait_for(PATIENCE, "a page to open a window", || {
            let handles = self.driver.get("window/handles")?;
            let handles = handles.as_array().context("there are no windows")?;
            let mut tabs = handles.iter().filter_map(|handle| handle.as_str()).map(|handle| Tab(handle.to_owned()));
            Ok(tabs.find(|tab| !known.contains(tab)))
        })?;
        self.look_at(&opened)?;
        Ok(opened)
    }
}
