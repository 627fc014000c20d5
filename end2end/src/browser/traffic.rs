//! What went over the wire while pages were open. It tells of addresses that no page is ever shown for.

use anyhow::Result;
use serde_json::{Value, json};

use super::Browser;

impl Browser {
    /// DevTools events of the network since it was last asked, in their order: a method and its parameters.
    pub fn traffic(&self) -> Result<Vec<(String, Value)>> {
        let entries = self.driver.post("se/log", &json!({"type": "performance"}))?;
        let messages = entries.as_array().into_iter().flatten().filter_map(|entry| {
            let event: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let method = event["message"]["method"].as_str()?.to_owned();
            Some((method, event["message"]["params"].clone()))
        });
        Ok(messages.collect())
    }
}
