//! Usage events: one `avatarRequest` for every metered call, through whichever door it came.

use crate::{
    clock::Timestamp,
    id::{ApiKeyId, GrantId, UsageEventId, WorkspaceId},
    linkedin_url::VanityName,
};

/// The one name of the event, on the wire and in rows.
pub const AVATAR_REQUEST: &str = "avatarRequest";

/// Where a call came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    Mcp,
    Api,
}

impl Door {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mcp => "mcp",
            Self::Api => "api",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Mcp, Self::Api].into_iter().find(|door| door.as_str() == name)
    }
}

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The person is in the directory (and, for an avatar, has a photo).
    Found,
    /// Initials, or a profile that nobody knows.
    Missing,
}

impl Outcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Missing => "missing",
        }
    }
}

/// Which credential paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Payer {
    Grant(GrantId),
    Key(ApiKeyId),
}

impl Payer {
    pub const fn door(self) -> Door {
        match self {
            Self::Grant(_) => Door::Mcp,
            Self::Key(_) => Door::Api,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageEvent {
    pub id: UsageEventId,
    pub at: Timestamp,
    pub workspace: WorkspaceId,
    pub payer: Payer,
    /// The tool's name, or `avatar` for the image API.
    pub operation: &'static str,
    pub vanity: VanityName,
    pub outcome: Outcome,
}
