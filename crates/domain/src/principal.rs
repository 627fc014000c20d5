//! Who asks: what a credential is turned into, and nothing else can make.

use crate::{
    api_key::KeyKind,
    id::{ApiKeyId, GrantId, TokenId, UserId, WorkspaceId},
    oauth::{client::ClientId, scope::ScopeSet},
    role::Role,
    usage::Payer,
};
use std::fmt;

/// On whose behalf something is done. Agents without a person will be a variant beside `User`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    User(UserId),
}

impl Subject {
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
        }
    }

    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(user),
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => user.fmt(formatter),
        }
    }
}

/// Somebody who holds a live access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub subject: Subject,
    pub workspace: WorkspaceId,
    pub role: Role,
    pub grant: GrantId,
    pub token: TokenId,
    pub client: ClientId,
    pub client_name: String,
    pub scopes: ScopeSet,
}

impl Principal {
    pub const fn payer(&self) -> Payer {
        Payer::Grant(self.grant)
    }
}

/// Whoever holds a live API key: a workspace's page or server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHolder {
    pub key: ApiKeyId,
    pub kind: KeyKind,
    pub workspace: WorkspaceId,
}

impl KeyHolder {
    pub const fn payer(&self) -> Payer {
        Payer::Key(self.key)
    }
}
