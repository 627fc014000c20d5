//! Email addresses as accounts use them: compared without case, never parsed further than needed.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A trimmed, lower-cased address of at most 254 bytes (RFC 5321, section 4.5.3.1) with one `@`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that is no email address: write it as name@example.com")]
pub struct InvalidEmail;

impl Email {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let address = text.trim().to_lowercase();
        let (local, host) = address.split_once('@').ok_or(InvalidEmail)?;
        let plain = address.chars().all(|character| !character.is_whitespace() && !character.is_control());
        let host_is_shaped = !host.is_empty()
            && !host.contains('@')
            && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
        if plain
            && !local.is_empty()
            && host_is_shaped
            && address.len() <= 254
            && !address.contains(['<', '>', '"', ',', ';'])
        {
            Ok(Self(address))
        } else {
            Err(InvalidEmail)
        }
    }
}

impl TryFrom<String> for Email {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        text.parse()
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_case() {
        assert_eq!(
            " Ada@Analytical.Example ".parse::<Email>().map(|email| email.to_string()),
            Ok("ada@analytical.example".to_owned())
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "ada",
            "@x.example",
            "ada@",
            "a b@x.example",
            "ada@x..example",
            "ada@@x.example",
            "<ada@x.example>",
            "a@-x",
        ] {
            assert!(text.parse::<Email>().is_err(), "{text}");
        }
    }
}
