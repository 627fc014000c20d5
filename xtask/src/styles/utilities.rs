//! Utility classes in the manner of Tailwind: only those that the sources mention are written.

use std::collections::BTreeSet;

use encre_css::{Config, Preflight, Scanner};

use super::{Source, handwritten::Handwritten, literals::literals};

/// Every word of every literal may be a class: a word that is none makes no style. What is written by hand stays as it
/// is written, though a utility of that name exists.
pub fn generate(sources: &[Source], handwritten: &Handwritten) -> String {
    let words: BTreeSet<String> = sources
        .iter()
        .flat_map(|source| literals(&source.text))
        .flat_map(|literal| literal.text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| may_be_class(word) && !handwritten.defines(word))
        .collect();
    let config = config(handwritten);
    encre_css::generate(words.iter().map(String::as_str), &config)
}

/// The style that one class makes; empty where it makes none.
pub fn style_of(class: &str, config: &Config) -> String {
    encre_css::generate([class], config)
}

/// `base.css` sets the ground, and the tokens bring the colours.
pub fn config(handwritten: &Handwritten) -> Config {
    let mut config = Config::default();
    config.preflight = Preflight::new_none();
    config.scanner = Scanner::from_fn(|text| text.split_whitespace().collect());
    for colour in handwritten.colours() {
        let value = format!("var(--color-{colour})");
        config.theme.colors.add(colour, value);
    }
    config
}

/// Keeps addresses, sentences and holes of `format!` away from the generator, which takes `[a:b]` for a declaration.
fn may_be_class(word: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_:/.[]()%#,&>*!=+'@".contains(letter);
    word.starts_with(|letter: char| letter.is_ascii_lowercase() || "-[!*@".contains(letter))
        && word.chars().all(is_part)
        && !word.contains("://")
}
