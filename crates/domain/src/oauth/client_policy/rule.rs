//! One rule: whom it is about, and what is done with them.

use super::{HostPattern, InvalidHostPattern, InvalidNamePattern, NamePattern};
use crate::{
    clock::Timestamp,
    id::PolicyRuleId,
    oauth::client::{ClientId, Standing},
};
use std::{fmt, str::FromStr};

/// What is done with a client, most lenient first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    Allow,
    /// Nobody may authorize it before the operator has said yes.
    Ask,
    Block,
}

impl Effect {
    pub const ALL: [Self; 3] = [Self::Allow, Self::Ask, Self::Block];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Block => "block",
        }
    }

    pub const fn standing(self) -> Standing {
        match self {
            Self::Allow => Standing::Allowed,
            Self::Ask => Standing::Asked,
            Self::Block => Standing::Blocked,
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rule says allow, ask or block")]
pub struct UnknownEffect;

impl FromStr for Effect {
    type Err = UnknownEffect;

    fn from_str(text: &str) -> Result<Self, UnknownEffect> {
        Self::ALL.into_iter().find(|effect| effect.as_str() == text).ok_or(UnknownEffect)
    }
}

/// Whom a rule is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RuleSubject {
    /// One client, whatever the other rules say.
    Client(ClientId),
    /// Clients whose document lies there, or whose answers are sent there.
    Host(HostPattern),
    /// Clients that call themselves so.
    Name(NamePattern),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRule {
    #[error(transparent)]
    Host(#[from] InvalidHostPattern),
    #[error(transparent)]
    Name(#[from] InvalidNamePattern),
    #[error("a rule is about a client, a host or a name")]
    Kind,
}

impl RuleSubject {
    /// Reads what [`RuleSubject::kind`] and [`RuleSubject::text`] say, or what somebody typed.
    pub fn parse(kind: &str, text: &str) -> Result<Self, InvalidRule> {
        match kind {
            "client" => Ok(Self::Client(ClientId(text.to_owned()))),
            "host" => Ok(Self::Host(text.parse()?)),
            "name" => Ok(Self::Name(text.parse()?)),
            _ => Err(InvalidRule::Kind),
        }
    }

    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Client(_) => "client",
            Self::Host(_) => "host",
            Self::Name(_) => "name",
        }
    }

    /// The identifier, host or name alone.
    pub fn text(&self) -> String {
        match self {
            Self::Client(id) => id.to_string(),
            Self::Host(pattern) => pattern.to_string(),
            Self::Name(pattern) => pattern.to_string(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRule {
    pub id: PolicyRuleId,
    pub subject: RuleSubject,
    pub effect: Effect,
    pub created_at: Timestamp,
}
