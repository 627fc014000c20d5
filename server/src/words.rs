//! Error texts as whole sentences.

use std::fmt::Display;

/// `the key is not valid` → `The key is not valid.`
pub fn sentence(text: &impl Display) -> String {
    let text = text.to_string();
    let mut characters = text.chars();
    let mut sentence: String = characters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    sentence.push_str(characters.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}
