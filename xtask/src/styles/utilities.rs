//! Utility classes in the manner of Tailwind: only those that the sources mention are written.

use std::collections::BTreeSet;

use encre_css::{Config, Preflight, Scanner};

use super::{Source, handwritten::Handwritten, literals::literals};

/// Every word of every literal may be a class: a word that is none makes no style. What is written by hand stays as it
/// is written, though a utility of that name exists.
pub fn generate(sources: &[Source], handwritten: &Handwritten) -> String {
    let mut words = BTreeSet::new();
    for literal in sources.iter().flat_map(|source| literals(&source.text)) {
        for word in literal.text.split_whitespace() {
            if (literal.holds_classes || is_plain(word)) && !handwritten.defines(word) {
                words.insert(word.to_owned());
            }
        }
    }
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

/// Keeps prose away from the generator, which takes any `[a:b]` for a declaration.
fn is_plain(word: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_:/.[]()%#,&>*!=+'@".contains(letter);
    word.starts_with(|letter: char| letter.is_ascii_lowercase() || matches!(letter, '-' | '@'))
        && word.chars().all(is_part)
        && !word.contains("://")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder of its own for each test, with sheets in it.
    fn sheets(name: &str, sheets: &[(&str, &str)]) -> Handwritten {
        let folder = std::env::temp_dir().join(format!("visage-styles-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for (sheet, css) in sheets {
            fs::write(folder.join(sheet), css).unwrap();
        }
        let handwritten = Handwritten::read(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        handwritten
    }

    fn page(text: &str) -> [Source; 1] {
        [Source { path: "page.rs".into(), text: text.to_owned() }]
    }

    #[test]
    fn a_colour_among_the_tokens_makes_utilities() {
        let handwritten = sheets("colour", &[("tokens.css", ":root { --color-ink-soft: #444 }")]);
        let css = generate(&page(r#"<p class="text-ink-soft hover:bg-ink-soft">"#), &handwritten);
        assert!(css.contains("color: var(--color-ink-soft)"), "{css}");
        assert!(css.contains("background-color: var(--color-ink-soft)"), "{css}");
    }

    #[test]
    fn what_is_written_by_hand_is_not_generated_over() {
        let handwritten = sheets("hand", &[("components.css", ".table { border: 0 }")]);
        assert_eq!(generate(&page(r#"<table class="table">"#), &handwritten), "");
    }

    #[test]
    fn sentences_and_addresses_make_no_styles() {
        let text = r#"let text = "See [the:page] of https://example.com {count} (p-[{x}])";"#;
        assert_eq!(generate(&page(text), &sheets("words", &[])), "");
    }
}
