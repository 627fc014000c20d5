//! Workspaces (the tenants) and who belongs to them.

use crate::{
    clock::Timestamp,
    id::{UserId, WorkspaceId},
    role::Role,
    slug::Slug,
    text,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    pub id: WorkspaceId,
    pub slug: Slug,
    pub name: String,
    /// The plan's identifier, a row of its own: `free`, `team`, …
    pub plan: String,
    pub created_at: Timestamp,
}

/// A user's part in a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub user: UserId,
    pub workspace: WorkspaceId,
    pub role: Role,
    pub created_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a workspace name is missing: write your company's or team's name")]
pub struct MissingWorkspaceName;

/// A workspace's name as shown: one line, at most 60 graphemes.
pub fn workspace_name(text: &str) -> Result<String, MissingWorkspaceName> {
    let name = text::one_line(text, 60);
    if name.is_empty() { Err(MissingWorkspaceName) } else { Ok(name) }
}
