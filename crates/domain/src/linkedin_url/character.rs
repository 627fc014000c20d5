//! Which characters a vanity name may have, and the tokens that stand in the place of names.

use unicode_normalization::char::is_combining_mark;

const MEMBER_TOKEN_PREFIX: &str = "ACoAA";

pub(super) fn is_member_token(name: &str) -> bool {
    name.starts_with(MEMBER_TOKEN_PREFIX)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

pub(super) fn is_allowed(character: char, previous: Option<char>) -> bool {
    match character {
        '-' | '_' => true,
        // The emoji presentation selector is invisible by itself, so it may only follow an emoji.
        '\u{FE0F}' => previous.is_some_and(is_emoji),
        // Letters and marks that draw nothing would make two names look the same.
        '\u{034F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0E}'
        | '\u{FFA0}'
        | '\u{E0100}'..='\u{E01EF}' => false,
        _ => character.is_alphanumeric() || is_combining_mark(character) || is_emoji(character),
    }
}

/// The blocks in which pictographs live; names from LinkedIn's early years have them.
fn is_emoji(character: char) -> bool {
    matches!(character, '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{2B55}' | '\u{1F000}'..='\u{1FAFF}')
}
