//! Leaves out comments, line ends and the spaces that mean nothing.

/// Makes a style sheet shorter without changing what it says. Strings stay as they are.
pub fn minify(css: &str) -> String {
    let mut short = String::with_capacity(css.len());
    let mut letters = css.chars().peekable();
    let mut gap = false;
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'*') => {
                letters.next();
                let mut before = ' ';
                for inside in letters.by_ref() {
                    if before == '*' && inside == '/' {
                        break;
                    }
                    before = inside;
                }
                gap = true;
            }
            letter if letter.is_whitespace() => gap = true,
            letter => {
                // A space before `{` or behind `}` never matters; one around `:` or `+` may.
                let is_free = "{};,".contains(letter) || short.ends_with(['{', '}', ';', ',']) || short.is_empty();
                if gap && !is_free {
                    short.push(' ');
                }
                gap = false;
                if letter == '}' && short.ends_with(';') {
                    short.pop();
                }
                short.push(letter);
                if letter == '\\' {
                    short.extend(letters.next());
                } else if matches!(letter, '"' | '\'') {
                    copy_string(letter, &mut letters, &mut short);
                }
            }
        }
    }
    short
}

fn copy_string(quote: char, letters: &mut impl Iterator<Item = char>, short: &mut String) {
    while let Some(inside) = letters.next() {
        short.push(inside);
        if inside == '\\' {
            short.extend(letters.next());
        } else if inside == quote {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn spaces_that_mean_something_stay() {
        let css = "/* why */ a :hover ,\n b > c {\n  margin : 0 auto ;\n  content: \"a  { b\";\n  width: calc(1px + 2px);\n}\n\n@media (width >= 40rem) { i { color: red; } }\n";
        assert_eq!(
            minify(css),
            "a :hover,b > c{margin : 0 auto;content: \"a  { b\";width: calc(1px + 2px)}@media (width >= 40rem){i{color: red}}"
        );
    }
}
