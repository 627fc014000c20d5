//! The tokens of a Rust source, as far as literals have to be told from what stands around them.

pub(super) struct Token {
    pub kind: Kind,
    pub line: usize,
    /// Where it begins and ends in the source, in bytes.
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word(String),
    Text(String),
    Sign(char),
}

/// Words, string literals and signs; comments, spaces, characters and lifetimes are left out.
pub(super) fn tokens(source: &str) -> Vec<Token> {
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
