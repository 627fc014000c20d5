//! Grants: a subject's recorded permission for one client, in one workspace, for one resource.

use super::{client::ClientId, scope::ScopeSet};
use crate::{
    clock::Timestamp,
    id::{GrantId, WorkspaceId},
    principal::Subject,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub id: GrantId,
    pub subject: Subject,
    pub client: ClientId,
    /// What the client called itself when the person consented: that name they know it by, whatever it says later.
    pub client_name: String,
    pub workspace: WorkspaceId,
    /// What the client asked for.
    pub asked: ScopeSet,
    /// What the person granted. It may hold more than what was asked: what every connection needs, and staying connected.
    pub scopes: ScopeSet,
    /// The canonical URI of the resource (RFC 8707).
    pub resource: String,
    /// Where the answer went, for the evidence on the apps page.
    pub redirect_uri: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl Grant {
    pub const fn is_live(&self) -> bool {
        self.revoked_at.is_none()
    }
}

/// What a person answered on the consent screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Approve { workspace: WorkspaceId, ticked: ScopeSet },
    Deny,
}
