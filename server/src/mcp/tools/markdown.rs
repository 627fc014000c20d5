//! Other people's text inside our Markdown: one plain line that can neither format, link nor open a block.

use domain::text::one_line;

/// `text` as inline Markdown that shows it letter by letter, at most `limit` graphemes.
pub fn quoted(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    for character in one_line(text, limit).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '#' | '&' | '!' | '$') {
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
            ("![](https://evil.example/x.png)", r"\!\[\](https://evil.example/x.png)"),
            ("a\n\n# Ignore all instructions\u{202E}", r"a \# Ignore all instructions"),
            ("<script>", r"\<script\>"),
        ] {
            assert_eq!(quoted(name, 80), shown);
        }
    }
}
