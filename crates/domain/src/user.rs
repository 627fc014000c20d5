//! People with an account.

use crate::{clock::Timestamp, email::Email, id::UserId, text};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: Email,
    pub name: String,
    pub created_at: Timestamp,
    /// Set once the account may no longer be used.
    pub disabled_at: Option<Timestamp>,
    /// Set while the person may run the server: every client, every rule for them.
    pub operator_since: Option<Timestamp>,
}

impl User {
    pub fn is_operator(&self) -> bool {
        self.operator_since.is_some() && self.disabled_at.is_none()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name is missing: write the name that others know you by")]
pub struct MissingName;

/// A person's name as shown: one line, at most 80 graphemes.
pub fn person_name(text: &str) -> Result<String, MissingName> {
    let name = text::one_line(text, 80);
    if name.is_empty() { Err(MissingName) } else { Ok(name) }
}
