//! How a page looks: devices, themes, and pictures of both for people to look at.

use std::fs;

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;

use super::Browser;
use crate::fixtures::root;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    Desktop,
    Phone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

impl Device {
    fn name(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Phone => "phone",
        }
    }

    /// Width and height in CSS pixels, device pixels for each of them.
    fn screen(self) -> (u64, u64, u64) {
        match self {
            Self::Desktop => (1280, 900, 1),
            Self::Phone => (390, 844, 2),
        }
    }
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Browser {
    /// Looks at pages through this device and theme from now on.
    pub fn show(&self, device: Device, theme: Theme) -> Result<()> {
        let (_, height, _) = device.screen();
        self.set_screen(device, height)?;
        let features = json!([
            {"name": "prefers-color-scheme", "value": theme.name()},
            // So that no picture is taken in the middle of a transition.
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.driver.cdp("Emulation.setEmulatedMedia", &json!({"features": features})).map(drop)
    }

    /// Takes pictures of the whole page on every device in every theme, as `screenshots/NAME-DEVICE-THEME.png`, and goes back
    /// to a light desktop. Fails where the page would have to be pushed sideways.
    pub fn photograph(&self, name: &str) -> Result<()> {
        for device in [Device::Desktop, Device::Phone] {
            let (width, height, _) = device.screen();
            for theme in [Theme::Light, Theme::Dark] {
                self.show(device, theme)?;
                let (content_width, content_height) = self.content_size()?;
                ensure!(content_width <= width, "{name} is {content_width} pixels wide on a screen of {width}");
                // On a screen as high as the page, what sticks to the window's edges covers nothing.
                self.set_screen(device, content_height.max(height))?;
                self.photograph_as_shown(&format!("{name}-{}-{}", device.name(), theme.name()))?;
            }
        }
        self.show(Device::Desktop, Theme::Light)
    }

    /// One picture of what the window shows now.
    pub fn photograph_as_shown(&self, name: &str) -> Result<()> {
        let shot = self.driver.cdp("Page.captureScreenshot", &json!({"format": "png"}))?;
        let picture = BASE64_STANDARD.decode(shot["data"].as_str().context("the browser took no picture")?)?;
        let folder = root().join("screenshots");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{name}.png")), picture)?;
        Ok(())
    }

    fn set_screen(&self, device: Device, height: u64) -> Result<()> {
        let (width, _, scale) = device.screen();
        let is_mobile = device == Device::Phone;
        let screen = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": is_mobile});
        self.driver.cdp("Emulation.setDeviceMetricsOverride", &screen).map(drop)
    }

    /// Width and height of the page in CSS pixels.
    fn content_size(&self) -> Result<(u64, u64)> {
        let size = self.driver.cdp("Page.getLayoutMetrics", &json!({}))?;
        let side = |name: &str| size["cssContentSize"][name].as_u64().context("the page has no size");
        Ok((side("width")?, side("height")?))
    }
}
