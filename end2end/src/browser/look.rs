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
    fn screen(self) -> (u32, u32, u32) {
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
        let (width, height, scale) = device.screen();
        let screen =
            json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": device == Device::Phone});
        self.driver.cdp("Emulation.setDeviceMetricsOverride", &screen)?;
        let theme = json!({"features": [{"name": "prefers-color-scheme", "value": theme.name()}]});
        self.driver.cdp("Emulation.setEmulatedMedia", &theme)?;
        Ok(())
    }

    /// Takes pictures of the page on every device in every theme, as `screenshots/NAME-DEVICE-THEME.png`, and goes back to a
    /// light desktop. Fails where the page would have to be pushed sideways.
    pub fn photograph(&self, name: &str) -> Result<()> {
        for device in [Device::Desktop, Device::Phone] {
            for theme in [Theme::Light, Theme::Dark] {
                self.show(device, theme)?;
                self.photograph_as_shown(&format!("{name}-{}-{}", device.name(), theme.name()))?;
            }
            self.ensure_fits(name, device)?;
        }
        self.show(Device::Desktop, Theme::Light)
    }

    /// One picture of the whole page as it is now.
    pub fn photograph_as_shown(&self, name: &str) -> Result<()> {
        let options = json!({"format": "png", "captureBeyondViewport": true});
        let shot = self.driver.cdp("Page.captureScreenshot", &options)?;
        let picture = BASE64_STANDARD.decode(shot["data"].as_str().context("the browser took no picture")?)?;
        let folder = root().join("screenshots");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{name}.png")), picture)?;
        Ok(())
    }

    fn ensure_fits(&self, name: &str, device: Device) -> Result<()> {
        let metrics = self.driver.cdp("Page.getLayoutMetrics", &json!({}))?;
        let content = metrics["cssContentSize"]["width"].as_f64().unwrap_or_default();
        let (width, ..) = device.screen();
        ensure!(
            content <= f64::from(width),
            "{name} is {content} pixels wide on a screen of {width} ({})",
            device.name()
        );
        Ok(())
    }
}
