//! The password rule (NIST SP 800-63B, section 5.1.1: length counts, composition rules don't).

/// Fewest characters of a password.
pub const SHORTEST: usize = 10;
/// Most bytes: hashing must not be a way to keep the server busy.
pub const LONGEST: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("use at least {SHORTEST} characters")]
    TooShort,
    #[error("use at most {LONGEST} bytes")]
    TooLong,
    #[error("that password is among the first that anybody would try: use another")]
    Common,
}

/// Whether a new password may be used by this person.
pub fn check(password: &str, email: &str) -> Result<(), WeakPassword> {
    if password.chars().count() < SHORTEST {
        return Err(WeakPassword::TooShort);
    }
    if password.len() > LONGEST {
        return Err(WeakPassword::TooLong);
    }
    let lower = password.to_lowercase();
    let mut characters = lower.chars();
    let first = characters.next();
    let is_one_character = characters.all(|character| Some(character) == first);
    let is_run = lower
        .as_bytes()
        .windows(2)
        .all(|pair| pair[1] == pair[0].wrapping_add(1) || (pair[0] == b'9' && pair[1] == b'0'));
    let stem: String = lower.chars().filter(|character| character.is_alphabetic()).collect();
    let is_stem_of_the_usual =
        matches!(stem.as_str(), "password" | "passwort" | "qwertyuiop" | "letmein" | "welcome" | "admin" | "iloveyou");
    if is_one_character || is_run || is_stem_of_the_usual || lower == email.to_lowercase() {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_usual_passwords_are_refused() {
        let email = "ada@analytical.example";
        assert_eq!(check("short", email), Err(WeakPassword::TooShort));
        assert_eq!(check(&"x1".repeat(300), email), Err(WeakPassword::TooLong));
        for usual in ["password123", "1234567890", "aaaaaaaaaaaa", "Welcome2026!", email] {
            assert_eq!(check(usual, email), Err(WeakPassword::Common), "{usual}");
        }
        assert_eq!(check("notes on the engine", email), Ok(()));
        assert_eq!(check("пароль-из-букв", email), Ok(()));
    }
}
