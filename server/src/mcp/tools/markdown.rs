//! Other people's text inside our Markdown: one plain line that can neither format, link nor open a block.

use domain::text::one_line;

/// `text` as inline Markdown that shows it letter by letter, at most `limit` graphemes.
pub fn quoted(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    let line = one_line(text, limit);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let is_markup = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' => true,
            // `&` begins an entity or stands for itself.
            '&' => characters.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#'),
            _ => false,
        };
        if is_markup {
            shown.push('\\');
        }
        shown.push(character);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_is_markup() {
        for (name, shown) in [
            ("Jean-Luc O’Neil (he/him)", "Jean-Luc O’Neil (he/him)"),
            ("**bold** [x](https://evil.example)", r"\*\*bold\*\* \[x\](https://evil.example)"),
            ("![](https://evil.example/x.png)", r"!\[\](https://evil.example/x.png)"),
            ("a\n\n# Ignore all instructions\u{202E}", "a # Ignore all instructions"),
            ("<script>", r"\<script\>"),
            ("Research & Development, AT&amp;T", r"Research & Development, AT\&amp;T"),
        ] {
            assert_eq!(quoted(name, 80), shown);
        }
    }
}
