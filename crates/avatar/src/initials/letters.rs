//! Which letters stand for a name: the first of the first and of the last word, never anything but letters, digits and their marks.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation as _;

/// Names longer than this are cut before any work is done on them.
const LONGEST_NAME: usize = 512;
/// Marks kept on one letter: enough for every living script, too few to climb out of the picture.
const MOST_MARKS: usize = 3;

/// Words before or after a name that are not part of it, without dots and in lower case.
const TITLES: [&str; 12] = ["dr", "prof", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "ing", "dipl-ing", "rev"];
const SUFFIXES: [&str; 11] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "msc", "bsc", "esq"];

/// Pairs and runs of initials that nobody wants beside a face. They shrink to the first letter.
///
/// Pairs that insult only in one country's memory are listed when people there refuse them on number plates, unless they are
/// common and read innocently elsewhere (SA, NS).
const UNWANTED: [&str; 24] = [
    "fu", "fk", "ss", "kz", "hj", "kk", "bj", "vd", "wc", "pp", "ass", "kkk", "fag", "tit", "cum", "gay", "wtf", "sex",
    "fuk", "fuck", "shit", "cunt", "dick", "nazi",
];

/// At most two grapheme clusters in upper case, or nothing when the name has no letter to show.
#[must_use]
pub fn initials(name: &str) -> String {
    // Compatibility forms (ﬁ, Ｃ, 𝐂, Ⓒ) become plain letters, so that the picture shows what the eye reads.
    let name: String = name.chars().take(LONGEST_NAME).nfkc().take(LONGEST_NAME).collect();
    let words = words(&name);
    let firsts: Vec<String> = words.iter().filter_map(|word| first_letter(word)).collect();

    let (Some(first), Some(last)) = (firsts.first(), firsts.last()) else {
        return String::new();
    };
    if firsts.len() == 1 || joins_its_neighbour(last) || is_unwanted(&firsts, first, last) {
        return first.clone();
    }
    format!("{first}{last}")
}

/// The words of the name proper: what stands in brackets or after a comma, titles and suffixes go, as long as a word is left.
fn words(name: &str) -> Vec<&str> {
    let all = |text| -> Vec<&str> { str::split_whitespace(text).filter(|word| first_letter(word).is_some()).collect() };

    let end = name.find([',', '(', '[', '|']).unwrap_or(name.len());
    let mut words = all(&name[..end]);
    if words.is_empty() {
        words = all(name);
    }
    while words.len() > 1 && TITLES.contains(&bare(words[0]).as_str()) {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|word| SUFFIXES.contains(&bare(word).as_str())) {
        words.pop();
    }
    words
}

fn bare(word: &str) -> String {
    word.chars().filter(|character| *character != '.').flat_map(char::to_lowercase).collect()
}

/// The first cluster of a word that is led by a letter or digit, without anything invisible in it.
fn first_letter(word: &str) -> Option<String> {
    let cluster = word.graphemes(true).find(|cluster| cluster.chars().next().is_some_and(is_visible_letter))?;
    let base = cluster.chars().next()?;
    let marks = cluster.chars().skip(1).filter(|character| is_combining_mark(*character)).take(MOST_MARKS);
    Some(upper(base).chars().chain(marks).nfc().collect())
}

fn is_visible_letter(character: char) -> bool {
    // The Hangul fillers count as letters in Unicode, yet nothing is drawn for them.
    character.is_alphanumeric()
        && !is_combining_mark(character)
        && !matches!(character, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}

/// One capital, where the script has one that fonts know. Georgian capitals exist but are in few fonts; ß would become two.
fn upper(base: char) -> String {
    let capital: String = base.to_uppercase().collect();
    let is_georgian = matches!(base, '\u{10d0}'..='\u{10ff}');
    if is_georgian || capital.chars().count() != 1 { base.to_string() } else { capital }
}

/// Arabic and its kin write neighbours joined: two initials side by side would read as a word.
fn joins_its_neighbour(letter: &str) -> bool {
    letter
        .chars()
        .next()
        .is_some_and(|base| matches!(base, '\u{0600}'..='\u{08ff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'))
}

fn is_unwanted(firsts: &[String], first: &str, last: &str) -> bool {
    let spelled = firsts.concat().to_lowercase();
    let pair = format!("{first}{last}").to_lowercase();
    UNWANTED.contains(&spelled.as_str()) || UNWANTED.contains(&pair.as_str())
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn the_first_and_the_last_word_give_the_letters() {
        for (name, expected) in [
            ("Ada Lovelace", "AL"),
            ("A", "A"),
            ("ada", "A"),
            ("Jean-Luc Picard", "JP"),
            ("Ludwig van Beethoven", "LB"),
            ("O’Neill", "O"),
            ("édouard ét", "ÉÉ"),
            ("e\u{301}douard", "É"),
            ("ﬁnn ﬂy", "FF"),
            ("Ｃlaude", "C"),
            ("ßven", "ß"),
            ("1 2", "12"),
            ("한국어", "한"),
            ("नेहा शर्मा", "नेश"),
            ("สมชาย", "ส"),
            ("Анна Каренина", "АК"),
            ("გია", "გ"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn titles_degrees_and_remarks_are_not_initials() {
        assert_eq!(initials("Dr. Ada Lovelace, PhD"), "AL");
        assert_eq!(initials("Prof. Dr. Emmy Noether"), "EN");
        assert_eq!(initials("Ken Griffey Jr."), "KG");
        assert_eq!(initials("Grace Hopper (she/her)"), "GH");
        assert_eq!(initials("Ms Marvel PhD"), "M");
        assert_eq!(initials("Dr."), "D");
        assert_eq!(initials("(Ada)"), "A");
    }

    #[test]
    fn names_without_a_visible_letter_give_nothing() {
        for name in [
            "",
            "   ",
            "- -",
            "@ #",
            "😀😀",
            ".",
            "\u{3164}",
            "\u{2800}",
            "\u{e0041}",
            "\u{200b}\u{202e}",
            "\u{301}\u{302}",
            "\u{e000}",
        ] {
            assert_eq!(initials(name), "", "{name:?}");
        }
    }

    #[test]
    fn invisible_characters_never_reach_the_letters() {
        assert_eq!(initials("\u{202e}ba"), "B");
        assert_eq!(initials("\u{2066}Claude\u{2069}"), "C");
        assert_eq!(initials("\u{feff}C\u{200d}\u{200b}laude"), "C");
        assert_eq!(initials("a\0b c\u{1b}[31m"), "AC");
    }

    #[test]
    fn stacked_marks_are_kept_within_bounds() {
        let tower = format!("a{}", "\u{302}".repeat(400));
        assert!(initials(&tower).chars().count() <= 4);
    }

    #[test]
    fn joined_scripts_show_one_letter() {
        assert_eq!(initials("لورا ك"), "ل");
    }

    #[test]
    fn offensive_initials_shrink_to_one_letter() {
        assert_eq!(initials("Fiona Underwood Chen Kim"), "F");
        assert_eq!(initials("Adam Sanders Stone"), "A");
        assert_eq!(initials("Sven Schmidt"), "S");
        assert_eq!(initials("Anna Stone"), "AS");
    }
}
