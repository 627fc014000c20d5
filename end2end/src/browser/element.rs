//! One thing on a page.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{driver::Driver, text};

/// The key under which WebDriver names an element (W3C WebDriver, section 12).
const KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What a thing is to someone who doesn't see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Button,
    Link,
    Field,
    Checkbox,
    Radio,
    Heading,
    Group,
}

impl Role {
    /// Selects whatever may have the role.
    pub(super) fn candidates(self) -> &'static str {
        match self {
            Self::Button => "button, input[type=submit], summary, [role=button]",
            Self::Link => "a[href]",
            Self::Field => "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), textarea, select",
            Self::Checkbox => "input[type=checkbox]",
            Self::Radio => "input[type=radio]",
            Self::Heading => "h1, h2, h3, h4",
            Self::Group => "fieldset, [role=group], [role=radiogroup]",
        }
    }
}

#[derive(Debug)]
pub struct Element<'a> {
    driver: &'a Driver,
    id: String,
}

impl<'a> Element<'a> {
    pub(super) fn from(driver: &'a Driver, value: &Value) -> Option<Self> {
        Some(Self { driver, id: value[KEY].as_str()?.to_owned() })
    }

    /// The accessible name.
    pub fn label(&self) -> Result<String> {
        text(&self.get("computedlabel")?)
    }

    pub fn text(&self) -> Result<String> {
        text(&self.get("text")?)
    }

    pub fn attribute(&self, name: &str) -> Result<Option<String>> {
        Ok(self.get(&format!("attribute/{name}"))?.as_str().map(str::to_owned))
    }

    /// What a field holds.
    pub fn value(&self) -> Result<String> {
        text(&self.get("property/value")?)
    }

    /// Where it stands in the window and how high it is, in CSS pixels from the window's top.
    pub fn top_and_height(&self) -> Result<(f64, f64)> {
        let rectangle = self.get("rect")?;
        let number = |name: &str| rectangle[name].as_f64().unwrap_or_default();
        let scrolled = self.driver.cdp("Page.getLayoutMetrics", &json!({}))?;
        let scrolled = scrolled["cssVisualViewport"]["pageY"].as_f64().unwrap_or_default();
        Ok((number("y") - scrolled, number("height")))
    }

    pub fn is_chosen(&self) -> Result<bool> {
        Ok(self.get("selected")?.as_bool().unwrap_or_default())
    }

    pub fn is_enabled(&self) -> Result<bool> {
        Ok(self.get("enabled")?.as_bool().unwrap_or_default())
    }

    pub fn is_shown(&self) -> Result<bool> {
        Ok(self.get("displayed")?.as_bool().unwrap_or_default())
    }

    pub fn click(&self) -> Result<()> {
        let label = self.label().unwrap_or_default();
        self.post("click", &json!({})).with_context(|| format!("clicking {label:?}"))
    }

    /// Two clicks, as quick as an impatient person's.
    pub fn double_click(&self) -> Result<()> {
        let to = json!({"type": "pointerMove", "duration": 0, "origin": {KEY: self.id}, "x": 0, "y": 0});
        let (down, up) = (json!({"type": "pointerDown", "button": 0}), json!({"type": "pointerUp", "button": 0}));
        let steps = json!([to, down, up, down, up]);
        let pointer =
            json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": steps});
        self.driver.post("actions", &json!({"actions": [pointer]})).map(drop)
    }

    pub fn clear(&self) -> Result<()> {
        self.post("clear", &json!({}))
    }

    pub fn type_in(&self, value: &str) -> Result<()> {
        self.post("value", &json!({"text": value}))
    }

    /// Moves the pointer over the middle of it.
    pub fn hover(&self) -> Result<()> {
        let step = json!({"type": "pointerMove", "duration": 50, "origin": {KEY: self.id}, "x": 0, "y": 0});
        let pointer =
            json!({"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [step]});
        self.driver.post("actions", &json!({"actions": [pointer]})).map(drop)
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.driver.get(&format!("element/{}/{path}", self.id))
    }

    fn post(&self, path: &str, body: &Value) -> Result<()> {
        self.driver.post(&format!("element/{}/{path}", self.id), body).map(drop)
    }
}
