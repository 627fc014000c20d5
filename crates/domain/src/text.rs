//! Text for one line: what strangers wrote, made fit to be shown and never to be trusted; messages as sentences.

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// One line of somebody else's text: NFC, without control, bidirectional or invisible characters, white space folded,
/// at most `limit` graphemes (an ellipsis marks the cut).
pub fn one_line(text: &str, limit: usize) -> String {
    let visible: String = text.nfc().filter(|character| !is_unprintable(*character)).map(fold_space).collect();
    let folded = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    // A grapheme may be a tower of combining marks: eight code points carry every script that names are written in.
    let mut graphemes = folded.graphemes(true).map(|grapheme| grapheme.chars().take(8).collect::<String>());
    let mut shown: String = graphemes.by_ref().take(limit).collect();
    if graphemes.next().is_some() {
        shown.push('…');
    }
    shown
}

fn fold_space(character: char) -> char {
    if character.is_whitespace() { ' ' } else { character }
}

/// Control characters (white space aside), bidirectional overrides, zero-width and other invisible characters.
pub(crate) fn is_unprintable(character: char) -> bool {
    (character.is_control() && !character.is_whitespace())
        || matches!(character,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}'
            | '\u{FDD0}'..='\u{FDEF}' | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// A message that begins small, as part of a sentence, made one that stands alone. What begins with an address or another
/// name to be taken to the letter stays as it is written.
pub fn sentence(message: &str) -> String {
    let first = message.split_whitespace().next().unwrap_or_default();
    let is_word = first
        .trim_end_matches([',', ';', ':', '.', '!', '?'])
        .chars()
        .all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’'));
    let mut letters = message.chars();
    let initial: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let text = if is_word { format!("{initial}{}", letters.as_str()) } else { message.to_owned() };
    let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{text}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_becomes_one_plain_line() {
        for (hostile, shown) in [
            ("  Ada\t\nLovelace ", "Ada Lovelace"),
            ("Cla\u{202E}edu\u{200B}a", "Claedua"),
            ("\u{0}\u{7}", ""),
            ("a\u{301}", "á"),
            ("<b>Claude</b>", "<b>Claude</b>"),
        ] {
            assert_eq!(one_line(hostile, 80), shown);
        }
    }

    #[test]
    fn a_message_becomes_a_sentence_and_addresses_stay_as_they_are() {
        for (message, expected) in [
            ("use at least 10 characters", "Use at least 10 characters."),
            ("Done.", "Done."),
            ("can’t it?", "Can’t it?"),
            ("über alles", "Über alles."),
            ("sign-in, then", "Sign-in, then."),
            ("ada@example.com is the only owner", "ada@example.com is the only owner."),
            ("https://a.example/cb is no address", "https://a.example/cb is no address."),
            ("redirect_uris is missing", "redirect_uris is missing."),
            ("x2 is new", "x2 is new."),
            ("", "."),
        ] {
            assert_eq!(sentence(message), expected);
        }
    }

    #[test]
    fn long_text_is_cut_with_an_ellipsis() {
        assert_eq!(one_line("abcdef", 3), "abc…");
        assert_eq!(one_line("abc", 3), "abc");
    }
}
