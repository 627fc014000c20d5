//! The sheets in `style/`: their order, the classes that they define and the colours that they name.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};

use super::files_below;

/// These come first, each a layer of its own name; every other sheet joins the components, in the order of the names.
const FIRST: [&str; 3] = ["tokens", "base", "components"];

pub struct Part {
    pub layer: &'static str,
    pub css: String,
}

pub struct Handwritten {
    parts: Vec<Part>,
    classes: BTreeSet<String>,
}

impl Handwritten {
    pub fn read(folder: &Path) -> Result<Self> {
        let mut sheets = Vec::new();
        for file in files_below(folder)? {
            if file.extension().is_none_or(|extension| extension != "css") {
                continue;
            }
            let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let css = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            let place = FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
            sheets.push((place, name, css));
        }
        sheets.sort();
        let classes = sheets.iter().flat_map(|(_, _, css)| classes_in(css)).collect();
        let parts = sheets
            .into_iter()
            .map(|(place, _, css)| Part { layer: FIRST.get(place).copied().unwrap_or("components"), css })
            .collect();
        Ok(Self { parts, classes })
    }

    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    pub fn defines(&self, class: &str) -> bool {
        self.classes.contains(class)
    }

    /// The names behind `--color-…`, so that `--color-surface` makes `bg-surface` and `text-surface` work.
    pub fn colours(&self) -> BTreeSet<String> {
        let declarations = self.parts.iter().flat_map(|part| part.css.split("--color-").skip(1));
        declarations
            .filter_map(|rest| {
                let end = rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'))?;
                rest[end..].trim_start().starts_with(':').then(|| rest[..end].to_owned())
            })
            .collect()
    }
}

/// Every class that a sheet mentions in a selector, without its escapes.
fn classes_in(css: &str) -> BTreeSet<String> {
    let mut classes = BTreeSet::new();
    let css = without_comments_and_strings(css);
    let mut rest = css.as_str();
    while let Some(dot) = rest.find('.') {
        rest = &rest[dot + 1..];
        // `.5rem` is a number.
        if !rest.starts_with(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '_' | '-' | '\\')) {
            continue;
        }
        let mut class = String::new();
        let mut letters = rest.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => class.extend(letters.next()),
                letter if letter.is_alphanumeric() || matches!(letter, '_' | '-') => class.push(letter),
                _ => break,
            }
        }
        classes.insert(class);
    }
    classes
}

fn without_comments_and_strings(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut letters = css.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'*') => {
                let mut before = ' ';
                for inside in letters.by_ref().skip(1) {
                    if before == '*' && inside == '/' {
                        break;
                    }
                    before = inside;
                }
            }
            '"' | '\'' => while letters.next().is_some_and(|inside| inside != letter) {},
            _ => kept.push(letter),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_found_in_selectors_and_nowhere_else() {
        let css = "/* .comment */ .card:hover > .card-title, a.quiet { margin: .5rem; background: url('photo.svg') } .w-1\\/2 { width: 50% }";
        let expected = ["card", "card-title", "quiet", "w-1/2"].map(str::to_owned);
        assert_eq!(classes_in(css), BTreeSet::from(expected));
    }

    #[test]
    fn a_colour_is_one_that_is_declared_not_one_that_is_used() {
        let css = ":root { --color-ink: black; --color-ink-soft : grey } a { color: var(--color-unknown) }".to_owned();
        let sheets = Handwritten { parts: vec![Part { layer: "tokens", css }], classes: BTreeSet::new() };
        assert_eq!(sheets.colours(), BTreeSet::from(["ink", "ink-soft"].map(str::to_owned)));
    }
}
