//! The lists of hostile values that tests run through: sections under a heading, one value a line, its class and why beside it.
//! Crates below this one take this file in by its path, and so it needs nothing but the standard library.

use std::str::Chars;

/// Every value with its escapes read, between the heading of its section and its class.
pub fn rows(corpus: &str) -> impl Iterator<Item = (&str, String, &str)> {
    let mut section = "";
    corpus.lines().filter_map(move |line| {
        if let Some(heading) = line.strip_prefix("# == ") {
            section = heading;
        }
        if line.is_empty() || line.starts_with("# ") {
            return None;
        }
        let mut columns = line.split('\t');
        let (value, class) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        Some((section, unescape(value), class))
    })
}

fn unescape(text: &str) -> String {
    let mut read = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        read.push(match (character == '\\').then(|| characters.next()).flatten() {
            None => character,
            Some('x') => code(&mut characters, 2),
            Some('u') => code(&mut characters, 4),
            Some('t') => '\t',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('0') => '\0',
            Some(other) => other,
        });
    }
    read
}

/// A lone surrogate has no place in a text; what readers of JSON put there has.
fn code(characters: &mut Chars, digits: usize) -> char {
    let code: String = characters.take(digits).collect();
    u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}
