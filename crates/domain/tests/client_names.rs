//! Every hostile and awkward client name of the corpus, and what holds of any name.

#[path = "../../testkit/src/corpus.rs"]
mod corpus;

use domain::oauth::client_name::{UNNAMED, client_name, imitates, mixes_scripts};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

const CORPUS: &str = include_str!("corpora/client_names.txt");

/// Names of these classes.
fn names(classes: &[&str]) -> Vec<String> {
    corpus::rows(CORPUS).filter(|(.., class)| classes.contains(class)).map(|(_, name, _)| name).collect()
}

const CLASSES: [&str; 7] = ["xss", "template/shell", "sql", "csv", "log", "spoof", "size/encoding"];

#[test]
fn every_name_of_the_corpus_becomes_one_plain_line() {
    let names = names(&CLASSES);
    assert!(names.len() > 75, "{}", names.len());
    for name in names {
        check(&name);
    }
}

#[test]
fn legitimate_names_are_shown_as_typed() {
    for name in ["한국어", "عربي", "O’Brien & Sons, Ltd.", "C++ / C# <tools>"] {
        assert!(CORPUS.contains(name), "{name} is no more in the corpus");
        assert_eq!(client_name(name), name);
        assert!(imitates(name).is_none() && !mixes_scripts(name), "{name}");
    }
}

#[test]
fn whatever_is_spelled_to_look_like_a_known_client_is_noticed() {
    let spoofs = names(&["spoof", "log"]);
    let claudes: Vec<String> =
        spoofs.iter().map(|name| client_name(name)).filter(|name| name.contains("lau")).collect();
    assert!(claudes.len() > 10, "{claudes:?}");
    for name in claudes {
        assert_eq!(imitates(&name), Some("Claude"), "{name}");
    }
    // The stacked marks: whatever is left of them, the letters are seen.
    assert!(spoofs.iter().any(|name| name.chars().count() > 15 && imitates(&client_name(name)) == Some("Claude")));
}

#[test]
fn names_that_show_nothing_are_unnamed() {
    let names = names(&["spoof"]);
    let empty = names.iter().filter(|name| client_name(name) == UNNAMED).count();
    assert_eq!(empty, 4, "filler, Braille blank, blanks, tags");
}

fn check(claimed: &str) {
    let name = client_name(claimed);
    assert!(!name.is_empty() && name.trim() == name && !name.contains("  "), "{name:?}");
    assert!(name.len() <= 320 && name.graphemes(true).count() <= 80, "{name:?}");
    assert!(!name.chars().any(is_harmful), "{name:?}");
    assert_eq!(client_name(&name), name, "a second look changes {claimed:?}");
}

/// Breaks a line, can't be seen, turns text around, or is no character.
fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}' | '✓' | '✔' | '✅')
        || (character.is_whitespace() && character != ' ')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_text_becomes_one_plain_line(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn marks_fillers_and_joiners_in_any_order_become_one_plain_line(
        text in "[a-zA\u{C9}\u{1EAD}\u{300}-\u{310}\u{5B0}-\u{5BD}\u{64B}-\u{652}\u{627}\u{915}\u{94D}\u{93F}\u{1100}\u{1161}\u{11A8}\u{3164}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{FE0F}\u{1F600}\u{2026}\u{FDFA}\u{A8}\u{FF21} ]{0,60}",
    ) {
        check(&text);
    }

    #[test]
    fn long_names_keep_their_beginning(text in "[a-z]{81,400}") {
        let name = client_name(&text);
        prop_assert!(name.ends_with('…') && text.starts_with(name.trim_end_matches('…')));
        prop_assert_eq!(name.chars().count(), 80);
    }

    #[test]
    fn nothing_hides_a_known_name(at in 0..6usize, hidden in "[\u{200B}\u{200D}\u{2060}\u{FE0F}\u{E0041}\u{301}]{1,9}") {
        let mut name = "Claude".to_owned();
        name.insert_str(at, &hidden);
        prop_assert_eq!(imitates(&client_name(&name)), Some("Claude"));
    }
}
