//! The string literals of a Rust source, and which of them hold classes.
//!
//! A literal holds classes where it stands in the value of something called `class` or `…_class` or `…_classes`: an
//! attribute in a view, a property of a component, a constant, a binding, or a function. Comparisons don't count. The
//! `active` of `class:active=…` is a class too, and is found like a literal.

#[cfg(test)]
mod tests;
mod tokens;

use tokens::{Kind, Token, tokens};

/// A string literal of a source.
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    pub text: String,
    /// Counted from one.
    pub line: usize,
    pub holds_classes: bool,
}

/// Finds the literals in the order in which they stand in the source.
pub fn literals(source: &str) -> Vec<Literal> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    // The end of the value that is being read, where one is.
    let mut classes_until = 0;
    for (index, token) in tokens.iter().enumerate() {
        match &token.kind {
            Kind::Word(word) if index >= classes_until && names_classes(word) => {
                match single_class(source, &tokens, index) {
                    Some(class) => {
                        found.push(Literal { text: class.to_owned(), line: token.line, holds_classes: true });
                    }
                    None => classes_until = end_of_value(&tokens, index),
                }
            }
            Kind::Text(text) => found.push(Literal {
                text: text.clone(),
                line: token.line,
                holds_classes: index < classes_until && !is_compared(&tokens, index),
            }),
            Kind::Word(_) | Kind::Sign(_) => {}
        }
    }
    found
}

fn names_classes(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    matches!(word.as_str(), "class" | "classes") || word.ends_with("_class") || word.ends_with("_classes")
}

/// The name in `class:name=…`, which stands without a space; `class: &str` is a type.
fn single_class<'a>(source: &'a str, tokens: &[Token], index: usize) -> Option<&'a str> {
    let colon =
        tokens.get(index + 1).filter(|colon| colon.kind == Kind::Sign(':') && colon.start == tokens[index].end)?;
    let name = tokens.get(index + 2).filter(|name| matches!(name.kind, Kind::Word(_)) && name.start == colon.end)?;
    let length = source[name.start..].find(|letter: char| letter == '=' || letter.is_whitespace())?;
    Some(&source[name.start..name.start + length])
}

/// `==`, `!=` and `=>` beside a literal: it is looked at, not shown.
fn is_compared(tokens: &[Token], index: usize) -> bool {
    let sign = |position: Option<usize>| match position.and_then(|position| tokens.get(position)) {
        Some(Token { kind: Kind::Sign(sign), .. }) => *sign,
        _ => ' ',
    };
    let before = (sign(index.checked_sub(2)), sign(index.checked_sub(1)));
    let after = (sign(Some(index + 1)), sign(Some(index + 2)));
    matches!(before, ('=' | '!', '=')) || matches!(after, ('=' | '!', '=') | ('=', '>'))
}

/// The index behind the value of the name at `index`; the index of the name itself where it has none.
fn end_of_value(tokens: &[Token], index: usize) -> usize {
    let sign_at = |position: usize| match tokens.get(position).map(|token| &token.kind) {
        Some(Kind::Sign(sign)) => Some(*sign),
        _ => None,
    };
    let word_before = match index.checked_sub(1).map(|before| &tokens[before].kind) {
        Some(Kind::Word(word)) => word.as_str(),
        _ => "",
    };
    if word_before == "fn" {
        let body = (index..tokens.len()).find(|position| matches!(sign_at(*position), Some('{' | ';')));
        return body.map_or(index, |body| end_of_group(tokens, body));
    }
    let mut position = index + 1;
    if sign_at(position) == Some(':') {
        // `const CARD_CLASS: &str = …`
        while !matches!(sign_at(position), None | Some('=' | ';' | ',' | ')' | '}')) || is_type(tokens, position) {
            position += 1;
        }
    }
    match (sign_at(position), sign_at(position + 1)) {
        (Some('='), Some('=' | '>')) => index,
        (Some('='), _) if matches!(word_before, "let" | "mut" | "const" | "static") => {
            end_of_statement(tokens, position + 1)
        }
        (Some('='), _) => end_of_attribute(tokens, position + 1),
        _ => index,
    }
}

fn is_type(tokens: &[Token], position: usize) -> bool {
    matches!(tokens.get(position).map(|token| &token.kind), Some(Kind::Word(_)))
}

fn end_of_statement(tokens: &[Token], start: usize) -> usize {
    let mut position = start;
    while let Some(token) = tokens.get(position) {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => position = end_of_group(tokens, position),
            Kind::Sign(';' | ')' | ']' | '}') => return position,
            _ => position += 1,
        }
    }
    position
}

/// An attribute ends where the next one begins, or the element does; an argument at its comma or bracket.
fn end_of_attribute(tokens: &[Token], start: usize) -> usize {
    let mut position = start;
    while let Some(token) = tokens.get(position) {
        match &token.kind {
            Kind::Sign('(' | '[' | '{') => position = end_of_group(tokens, position),
            Kind::Sign(')' | ']' | '}' | ';' | '>' | ',' | '<') => return position,
            // The end of `<br class="…" />`; a division has something to divide before it and no `>` behind.
            Kind::Sign('/') => return position,
            // Right behind a literal, a block or a name, with no sign between, begins the next attribute.
            Kind::Word(_)
                if position > start && ends_operand(&tokens[position - 1].kind) && !continues(tokens, position) =>
            {
                return position;
            }
            _ => position += 1,
        }
    }
    position
}

fn ends_operand(kind: &Kind) -> bool {
    match kind {
        Kind::Text(_) | Kind::Sign(')' | ']' | '}') => true,
        Kind::Word(word) => {
            !matches!(word.as_str(), "move" | "if" | "else" | "match" | "return" | "let" | "as" | "in" | "mut" | "ref")
        }
        Kind::Sign(_) => false,
    }
}

fn continues(tokens: &[Token], position: usize) -> bool {
    matches!(&tokens[position].kind, Kind::Word(word) if matches!(word.as_str(), "else" | "as" | "in"))
        // `if ready {` and `match tone {`: the name belongs to the keyword before it.
        || matches!(&tokens[position - 1].kind, Kind::Word(word) if matches!(word.as_str(), "move" | "if" | "else" | "match"))
}

/// The index behind the bracket that closes the one at `open`.
fn end_of_group(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (position, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return position + 1;
        }
    }
    tokens.len()
}
