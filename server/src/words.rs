//! Error texts as whole sentences.

use std::fmt::Display;

/// `the key is not valid` → `The key is not valid.`
pub fn sentence(text: &impl Display) -> String {
    domain::text::sentence(&text.to_string())
}
