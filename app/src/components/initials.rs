//! A small tile with initials, in one of four colours that a name always gets again.

use leptos::prelude::*;

/// Decoration beside a name that is written out: hidden from screen readers.
#[component]
pub fn Initials(#[prop(into)] name: String, #[prop(optional)] is_plain: bool) -> impl IntoView {
    let tile_class = if is_plain { "tile tile-plain" } else { tile_class(&name) };
    view! { <span class=tile_class aria-hidden="true">{letters(&name)}</span> }
}

/// The first letters of the first and the last word; `?` where there are none.
pub fn letters(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    let letters: String = first.into_iter().chain(last).flat_map(char::to_uppercase).collect();
    if letters.is_empty() { "?".to_owned() } else { letters }
}

fn tile_class(name: &str) -> &'static str {
    let sum = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    match sum % 4 {
        0 => "tile tile-1",
        1 => "tile tile-2",
        2 => "tile tile-3",
        _ => "tile tile-4",
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn initials_are_those_of_the_first_and_last_word() {
        for (name, shown) in [
            ("Analytical Engines", "AE"),
            ("Claude", "C"),
            ("ada king of lovelace", "AL"),
            ("“Quoted” (x)", "QX"),
            ("", "?"),
            ("—", "?"),
        ] {
            assert_eq!(letters(name), shown, "{name}");
        }
    }
}
