//! Slugs: the workspace's name as it stands in a URL.

use serde::{Deserialize, Serialize};
use std::{collections::HashSet, fmt, str::FromStr};
use unicode_normalization::UnicodeNormalization;

const LONGEST: usize = 48;
/// A hyphen and the digits of a `u32`.
const LONGEST_SUFFIX: usize = 11;

/// 1–48 of `a-z0-9-`, no `-` at either end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// A text that can't stand in a URL as a workspace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no slug: use up to 48 lower-case letters, digits and single hyphens")]
pub struct InvalidSlug(String);

impl Slug {
    /// `Analytical Engines` → `analytical-engines`; everything but letters and digits becomes a hyphen, accents go,
    /// other scripts leave nothing and become `workspace`.
    pub fn from_name(name: &str) -> Self {
        let plain: String = name
            .nfkd()
            .filter(|character| !unicode_normalization::char::is_combining_mark(*character))
            .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '-' })
            .collect();
        let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
        let mut slug = words.join("-");
        slug.truncate(LONGEST);
        let slug = slug.trim_matches('-');
        Self(if slug.is_empty() { "workspace".to_owned() } else { slug.to_owned() })
    }

    /// This slug, or where it is taken the same with the lowest number from 2 on that is free: `analytical-engines-2`.
    #[must_use]
    pub fn first_free(&self, taken: &HashSet<String>) -> Self {
        let numbered = (2..).map(|number| self.numbered(number));
        std::iter::once(self.clone())
            .chain(numbered)
            .find(|slug| !taken.contains(&slug.0))
            .unwrap_or_else(|| self.clone())
    }

    /// How this slug and every numbered form of it start.
    pub fn stem(&self) -> &str {
        self.0.get(..LONGEST - LONGEST_SUFFIX).unwrap_or(&self.0).trim_end_matches('-')
    }

    fn numbered(&self, number: u32) -> Self {
        let suffix = format!("-{number}");
        let mut stem = self.0.clone();
        stem.truncate(LONGEST - suffix.len());
        Self(format!("{}{suffix}", stem.trim_end_matches('-')))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = InvalidSlug;

    fn from_str(text: &str) -> Result<Self, InvalidSlug> {
        let allowed = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        let shaped = !text.is_empty() && text.len() <= LONGEST && !text.starts_with('-') && !text.ends_with('-');
        if allowed && shaped && !text.contains("--") {
            Ok(Self(text.to_owned()))
        } else {
            // Its start is enough to find it by.
            Err(InvalidSlug(text.chars().take(60).collect()))
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = InvalidSlug;

    fn try_from(text: String) -> Result<Self, InvalidSlug> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_its_slug() {
        for (name, slug) in [
            ("Analytical Engines", "analytical-engines"),
            ("  Café & Söhne!! ", "cafe-sohne"),
            ("北京", "workspace"),
            ("a--b", "a-b"),
            (&"x".repeat(90), &"x".repeat(48)),
        ] {
            let made = Slug::from_name(name);
            assert_eq!(made.as_str(), slug);
            assert_eq!(made.as_str().parse::<Slug>(), Ok(made.clone()));
        }
    }

    #[test]
    fn a_refused_slug_is_quoted_in_short() {
        let refused = "A".repeat(9_000).parse::<Slug>().map_err(|error| error.to_string().len());
        assert!(matches!(refused, Err(1..=150)), "{refused:?}");
    }

    #[test]
    fn a_taken_slug_gets_a_number() {
        let taken = HashSet::from(["babbage-labs", "babbage-labs-2", "babbage-labs-4"].map(str::to_owned));
        assert_eq!(Slug::from_name("Babbage Labs").first_free(&taken).as_str(), "babbage-labs-3");
        assert_eq!(Slug::from_name("Babbage").first_free(&taken).as_str(), "babbage");
    }

    #[test]
    fn every_number_of_a_slug_starts_with_its_stem() {
        for name in ["Babbage Labs", "x", &"x".repeat(48), &format!("{} {}", "x".repeat(36), "y".repeat(11))] {
            let slug = Slug::from_name(name);
            for made in [slug.clone(), slug.numbered(2), slug.numbered(u32::MAX)] {
                assert!(made.as_str().starts_with(slug.stem()), "{made}");
                assert_eq!(made.as_str().parse::<Slug>(), Ok(made.clone()));
            }
        }
    }
}
