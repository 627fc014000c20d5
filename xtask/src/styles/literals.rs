//! The string literals of a Rust source, and which of them hold classes.
//!
//! A literal holds classes where it stands in the value of something called `class` or `…_class` or `…_classes`: an
//! attribute in a view, a property of a component, a constant, a binding, or a function. Comparisons don't count. The
//! `active` of `class:active=…` is a class too, and is found like a literal.

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

struct Token {
    kind: Kind,
    line: usize,
    /// Where it begins and ends in the source, in bytes.
    start: usize,
    end: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Word(String),
    Text(String),
    Sign(char),
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

/// Words, string literals and signs; comments, spaces, characters and lifetimes are left out.
fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader { rest: source, line: 1 };
    let mut tokens = Vec::new();
    while let Some(letter) = reader.rest.chars().next() {
        let line = reader.line;
        let start = source.len() - reader.rest.len();
        let kind = if reader.rest.starts_with("//") {
            reader.take(reader.rest.find('\n').unwrap_or(reader.rest.len()));
            continue;
        } else if reader.rest.starts_with("/*") {
            reader.take(reader.rest.find("*/").map_or(reader.rest.len(), |end| end + 2));
            continue;
        } else if letter == '"' {
            reader.take(1);
            Kind::Text(reader.text())
        } else if let Some(hashes) = raw_hashes(reader.rest) {
            reader.take(hashes + 2);
            let close = format!("\"{}", "#".repeat(hashes));
            let end = reader.rest.find(&close).unwrap_or(reader.rest.len());
            let text = reader.take(end).to_owned();
            reader.take(close.len().min(reader.rest.len()));
            Kind::Text(text)
        } else if letter == '\'' {
            reader.take(character_or_lifetime(reader.rest));
            continue;
        } else if letter.is_alphanumeric() || letter == '_' {
            let end = reader
                .rest
                .find(|inside: char| !(inside.is_alphanumeric() || inside == '_'))
                .unwrap_or(reader.rest.len());
            Kind::Word(reader.take(end).to_owned())
        } else {
            reader.take(letter.len_utf8());
            if letter.is_whitespace() {
                continue;
            }
            Kind::Sign(letter)
        };
        tokens.push(Token { kind, line, start, end: source.len() - reader.rest.len() });
    }
    tokens
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    /// The rest of an ordinary literal whose opening quote was read.
    fn text(&mut self) -> String {
        let mut text = String::new();
        let mut length = 0;
        let mut letters = self.rest.chars();
        while let Some(letter) = letters.next() {
            length += letter.len_utf8();
            match letter {
                '"' => break,
                '\\' => {
                    let escaped = letters.next().unwrap_or_default();
                    length += escaped.len_utf8();
                    // The escapes that a class could contain stand for themselves, all others for a gap.
                    text.push(if matches!(escaped, '"' | '\\' | '\'') { escaped } else { ' ' });
                }
                letter => text.push(letter),
            }
        }
        self.take(length);
        text
    }
}

/// How many `#` a raw literal begins with; none where there is no raw literal.
fn raw_hashes(rest: &str) -> Option<usize> {
    let behind = rest.strip_prefix('r')?;
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    behind[hashes..].starts_with('"').then_some(hashes)
}

/// The length of `'a'`, `'\''` or `'static`.
fn character_or_lifetime(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    match letters.next() {
        Some((_, '\\')) => {
            letters.next();
            letters.find(|(_, letter)| *letter == '\'').map_or(rest.len(), |(end, _)| end + 1)
        }
        _ => match letters.next() {
            Some((end, '\'')) => end + 1,
            _ => 1,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(source: &str) -> Vec<String> {
        literals(source).into_iter().filter(|literal| literal.holds_classes).map(|literal| literal.text).collect()
    }

    #[test]
    fn an_attribute_holds_classes_and_its_neighbours_do_not() {
        assert_eq!(classes(r#"<a class="card quiet" href="/somewhere" id="x">"Text"</a>"#), ["card quiet"]);
        assert_eq!(classes(r#"<a href="/x" class="card"/><b id="y"/>"#), ["card"]);
        assert_eq!(classes(r#"<p class="card">{format!("{} people", 3)}</p>"#), ["card"]);
        assert_eq!(classes(r#"<Card title="People" body_class="wide" />"#), ["wide"]);
    }

    #[test]
    fn every_branch_of_a_condition_holds_classes() {
        let source = r#"<a class=move || if plan == "free" { "plain" } else { "proud" } href="/plan">"#;
        assert_eq!(classes(source), ["plain", "proud"]);
        let source = r#"<a class={match tone { "x" => "calm", _ => "loud" }} title="Tone">"#;
        assert_eq!(classes(source), ["calm", "loud"]);
        assert_eq!(classes(r#"<a class=format!("card {extra}") title="Tone">"#), ["card {extra}"]);
        assert_eq!(classes(r#"<a class=("active", move || here == "home") title="Tone">"#), ["active"]);
        assert_eq!(classes(r#"<a class:is-open=move || here.get() == "home" title="Tone">"#), ["is-open"]);
        assert_eq!(classes(r#"<a class=tone title="Tone">"#), Vec::<String>::new());
    }

    #[test]
    fn constants_bindings_and_functions_hold_classes_by_their_name() {
        assert_eq!(classes(r#"const CARD_CLASS: &str = "card"; const TITLE: &str = "Card";"#), ["card"]);
        assert_eq!(
            classes(r#"let class = if width > 3 { "wide" } else { "narrow" }; let title = "Card";"#),
            ["wide", "narrow"]
        );
        let source = r#"fn class(self) -> &'static str { match self { Self::A => "calm", Self::B => "loud" } } fn name() { "x" }"#;
        assert_eq!(classes(source), ["calm", "loud"]);
        assert_eq!(
            classes(r#"fn button(#[prop(optional)] class: &'static str, label: &str) { say("label") }"#),
            Vec::<String>::new()
        );
    }

    #[test]
    fn comments_characters_and_lifetimes_are_no_literals() {
        assert_eq!(
            classes("// class=\"no\"\n/* class=\"no\" */ let quote = '\"'; fn f<'a>() {} <i class=\"yes\">"),
            ["yes"]
        );
        assert_eq!(literals("\n\n<i class=r#\"a \"b\" c\"#>")[0].line, 3);
    }
}
