//! A client's name: what a stranger calls itself, made fit to be read, and told apart from the names that it imitates.

use crate::text;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::{RestrictionLevel, RestrictionLevelDetection, skeleton};
use unicode_segmentation::UnicodeSegmentation;

/// What stands where a client gave no name, or one of nothing but invisible characters.
pub const UNNAMED: &str = "Unnamed app";

const MOST_GRAPHEMES: usize = 80;
const MOST_BYTES: usize = 320;
/// After two a name stays as it is; the third is for what nobody thought of.
const PASSES: usize = 3;
/// Accents that letters of many languages carry, at most two at once (Vietnamese, Yoruba); and the signs of one script,
/// of which pointed Hebrew and stacked Tibetan have the most.
const MOST_ACCENTS: usize = 2;
const MOST_SIGNS: usize = 4;

/// The name that people give this server in their apps, and that some apps repeat in theirs.
pub const OURSELVES: &str = "Visage";

/// Clients that people know by name, and ourselves. Whoever is called so must prove it, or it is said that nothing does.
const KNOWN: &[&str] = &[
    "Anthropic",
    "ChatGPT",
    "Claude",
    "Cline",
    "Codex",
    "Copilot",
    "Cursor",
    "Gemini",
    "GitHub",
    "Goose",
    "LinkedIn",
    "MCP Inspector",
    "Microsoft",
    "Mistral",
    "OpenAI",
    "Perplexity",
    OURSELVES,
    "Visual Studio",
    "VS Code",
    "Windsurf",
    "Zed",
];

/// The name as it is stored and shown: compatibility forms as what they look like (NFKC: wide, circled and mathematical
/// letters are letters), nothing that can't be seen, few marks on one letter, no check marks, which are ours to give,
/// spaces folded, and at most 80 graphemes and 320 bytes.
pub fn client_name(claimed: &str) -> String {
    // What is taken away may have stood between two characters that now become one, so once is not enough.
    let name = (0..PASSES).fold(claimed.to_owned(), |name, _| pass(&name));
    if name.is_empty() { UNNAMED.to_owned() } else { name }
}

/// The known name that this one shows or imitates, by its letters or by letters that look like them. Only what proves a
/// publisher may speak against it.
pub fn imitates(name: &str) -> Option<&'static str> {
    let words = looks(name).map(|seen| words(&seen));
    KNOWN.iter().copied().find(|known| {
        let known = looks(known).map(|seen| self::words(&seen));
        known.iter().any(|known| {
            let joined = known.concat();
            // Short names are within too many other words to be looked for there.
            let is_telling = joined.chars().count() >= 5;
            words.iter().any(|words| {
                words.windows(known.len()).any(|part| part == known)
                    || words.contains(&joined)
                    || words.concat() == joined
                    || is_telling && words.concat().starts_with(&joined)
                    || is_telling && words.iter().any(|word| word.starts_with(&joined))
            })
        })
    })
}

/// Whether a word of the name mixes letters of scripts that are never written together, such as Latin and Cyrillic.
pub fn mixes_scripts(name: &str) -> bool {
    name.unicode_words().any(|word| {
        let letters: String = word.chars().filter(|letter| letter.is_alphabetic()).collect();
        letters.as_str().detect_restriction_level() == RestrictionLevel::MinimallyRestrictive
    })
}

fn pass(text: &str) -> String {
    let text: String = text.chars().map(|character| if character.is_whitespace() { ' ' } else { character }).collect();
    let composed = few_marks(&compatible(&text));
    let words: Vec<&str> = composed.split_whitespace().collect();
    cut(&words.join(" "))
}

/// Compatibility forms, decomposed. The ellipsis stays one: it is what a cut name ends with.
fn compatible(text: &str) -> String {
    let visible = without_invisible(text);
    let parts: Vec<String> = visible.split('…').map(|part| part.nfkd().collect()).collect();
    parts.join("…")
}

/// Takes out what shows nothing: all that [`text::is_unprintable`] names, variation selectors, joiners where the script has
/// no use for them; and the check marks.
fn without_invisible(text: &str) -> String {
    let characters: Vec<char> = text.chars().filter(|character| !is_hidden(*character)).collect();
    let is_needed = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        before.copied().is_some_and(is_joined) && characters.get(at + 1).copied().is_some_and(is_joined)
    };
    let kept = characters.iter().enumerate().filter(|(at, character)| !is_joiner(**character) || is_needed(*at));
    kept.map(|(_, character)| *character).collect()
}

fn is_hidden(character: char) -> bool {
    text::is_unprintable(character)
        || matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{13430}'..='\u{13455}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}')
        || u32::from(character) & 0xFFFE == 0xFFFE
        || matches!(character, '☑' | '✅' | '✓' | '✔' | '🗸' | '🗹')
}

const fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}')
}

/// Scripts whose letters change with a joiner between them (Arabic to Mongolian), and emoji.
const fn is_joined(character: char) -> bool {
    matches!(character, '\u{0600}'..='\u{0DFF}' | '\u{0F00}'..='\u{109F}' | '\u{1780}'..='\u{18AF}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Composes again, with few marks on each letter and none without a letter.
fn few_marks(decomposed: &str) -> String {
    let (mut accents, mut signs) = (MOST_ACCENTS, MOST_SIGNS);
    let kept = decomposed.chars().filter(|character| {
        if !is_combining_mark(*character) {
            accents = if character.is_whitespace() { 0 } else { MOST_ACCENTS };
            signs = if character.is_whitespace() { 0 } else { MOST_SIGNS };
            return true;
        }
        let left = if is_accent(*character) { &mut accents } else { &mut signs };
        let is_kept = *left > 0;
        *left = left.saturating_sub(1);
        is_kept
    });
    let kept: String = kept.collect();
    kept.trim_start_matches(is_combining_mark).nfc().collect()
}

/// Marks that belong to no one script.
const fn is_accent(mark: char) -> bool {
    matches!(mark, '\u{0300}'..='\u{036F}' | '\u{0483}'..='\u{0489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

/// The beginning that fits, with an ellipsis where something is missing.
fn cut(text: &str) -> String {
    if text.len() <= MOST_BYTES && text.graphemes(true).count() <= MOST_GRAPHEMES {
        return text.to_owned();
    }
    let room = MOST_BYTES - '…'.len_utf8();
    let mut end = 0;
    for (at, grapheme) in text.grapheme_indices(true).take(MOST_GRAPHEMES - 1) {
        if at + grapheme.len() > room {
            break;
        }
        end = at + grapheme.len();
    }
    format!("{}…", text[..end].trim_end())
}

/// A character of a name, and what the eye reads: mostly one other, and an r and an n for an m.
pub(super) struct Look {
    pub written: char,
    pub seen: String,
}

/// A name as the eye reads it, without marks and capitals, in two ways: what looks alike is folded before and after capitals
/// are dropped, since a capital I looks like an l and an i does not.
pub(super) fn looks(name: &str) -> [Vec<Look>; 2] {
    let bare: Vec<char> = name.nfkd().filter(|character| !is_combining_mark(*character)).collect();
    let lower = bare.iter().copied().flat_map(char::to_lowercase).map(look).collect();
    [bare.into_iter().map(look).collect(), lower]
}

fn look(written: char) -> Look {
    Look { written, seen: skeleton(written.encode_utf8(&mut [0; 4])).flat_map(char::to_lowercase).collect() }
}

/// The words that the eye reads. An m is one letter, so that no word begins or ends in the midst of it.
fn words(looks: &[Look]) -> Vec<String> {
    split(&looks.iter().map(|look| look.seen.as_str()).collect::<String>().replace("rn", "m"))
}

fn split(seen: &str) -> Vec<String> {
    let words = seen.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_as_what_it_looks_like() {
        for (claimed, shown) in [
            ("Ｃlaude", "Claude"),
            ("𝐂𝐥𝐚𝐮𝐝𝐞", "Claude"),
            ("Ⓒlaude", "Claude"),
            ("Cⅼaude", "Claude"),
            ("\u{FEFF}Cla\u{200B}u\u{200D}de\u{2069}", "Claude"),
            ("✔\u{FE0F} Official", "Official"),
            ("  Claude\u{3000}\t is   safe\n", "Claude is safe"),
            ("Claude\u{1b}[31m", "Claude[31m"),
            ("\u{3164}", UNNAMED),
            ("\u{2800} \u{301}", UNNAMED),
            ("", UNNAMED),
        ] {
            assert_eq!(client_name(claimed), shown, "{claimed:?}");
        }
    }

    #[test]
    fn names_in_any_script_stay_as_they_are() {
        for name in [
            "한국어",
            "عربي",
            "O’Brien & Sons, Ltd.",
            "C++ / C# <tools>",
            "नेहा शर्मा",
            "Trần Thị Ậu",
            "สมชาย",
            "می\u{200C}خواهم",
            "👨\u{200D}👩\u{200D}👧 Family",
            "מִשְׁלֵי",
            "名前 Ω μ",
            "Wait…",
        ] {
            assert_eq!(client_name(name), name.nfc().collect::<String>(), "{name:?}");
        }
    }

    #[test]
    fn an_imitation_is_known_by_its_looks() {
        for (name, known) in [
            ("Claude", "Claude"),
            ("Сlaude", "Claude"),
            ("CIaude Desktop", "Claude"),
            ("C l a u d e", "Claude"),
            ("Clàudé", "Claude"),
            ("ClaudeTM", "Claude"),
            ("The real Claude (verified)", "Claude"),
            ("ChatGРТ", "ChatGPT"),
            ("CHATGPT", "ChatGPT"),
            ("vs-code", "VS Code"),
            ("VSCode", "VS Code"),
            ("Zed", "Zed"),
            ("Visage Security", "Visage"),
        ] {
            assert_eq!(imitates(name), Some(known), "{name}");
        }
        for name in ["Maude", "Precursor", "Zedong", "inspector", "한국어", "System", "", "mcp"] {
            assert_eq!(imitates(name), None, "{name}");
        }
    }

    #[test]
    fn a_word_of_two_scripts_is_noticed_and_a_name_of_two_is_not() {
        assert!(mixes_scripts("Сlaude") && mixes_scripts("My Αpp"));
        for name in ["Claude", "Яндекс Music", "東京Tower", "한국어 App", "C++ / C# <tools>", "😀 App2"] {
            assert!(!mixes_scripts(name), "{name}");
        }
    }
}
