//! `prompt` and `max_age` (OpenID Connect Core 1.0, section 3.1.2.1): what a client asks of the sign-in.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// Show nothing: answer at once, or say why that can't be.
    None,
    /// Have the person sign in again.
    Login,
    /// Ask for consent, which we always do.
    Consent,
    /// Let the person say as whom.
    SelectAccount,
}

impl Prompt {
    pub const ALL: [Self; 4] = [Self::None, Self::Login, Self::Consent, Self::SelectAccount];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Login => "login",
            Self::Consent => "consent",
            Self::SelectAccount => "select_account",
        }
    }
}

/// The prompts of one request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PromptSet(u8);

impl PromptSet {
    /// Reads a `prompt` parameter. Values that we don't know are left out: the specification leaves that open, so that new
    /// ones can be introduced.
    pub fn parse(text: &str) -> Self {
        let known = |name: &str| Prompt::ALL.into_iter().find(|prompt| prompt.as_str() == name);
        Self(text.split_ascii_whitespace().filter_map(known).fold(0, |set, prompt| set | 1 << prompt as u8))
    }

    pub const fn contains(self, prompt: Prompt) -> bool {
        self.0 & (1 << prompt as u8) != 0
    }

    /// Whether nothing may be shown and something is to be shown all the same.
    pub const fn contradicts_itself(self) -> bool {
        self.contains(Prompt::None) && self.0.count_ones() > 1
    }
}

impl fmt::Display for PromptSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, prompt) in Prompt::ALL.into_iter().filter(|prompt| self.contains(*prompt)).enumerate() {
            if index > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(prompt.as_str())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_read_back_as_what_they_were_and_unknown_ones_are_left_out() {
        assert_eq!(PromptSet::parse("select_account create  login").to_string(), "login select_account");
        assert_eq!(PromptSet::parse("").to_string(), "");
        assert_eq!(PromptSet::parse("Login"), PromptSet::default());
    }

    #[test]
    fn none_stands_alone() {
        assert!(PromptSet::parse("none login").contradicts_itself());
        assert!(!PromptSet::parse("none").contradicts_itself());
        assert!(!PromptSet::parse("login consent").contradicts_itself());
    }
}
