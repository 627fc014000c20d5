//! Roles in a workspace, and the one table of what each may do.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What a member is in a workspace, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Viewer,
    Developer,
    Admin,
    Owner,
}

/// Something that a role may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See the overview and the usage page.
    ViewUsage,
    /// Connect an AI client to the workspace.
    Connect,
    /// See the keys.
    ViewKeys,
    /// Make and revoke keys.
    ManageKeys,
    /// See and revoke everybody's connections (one's own need no permission).
    ManageApps,
    /// Import people into the directory.
    ImportPeople,
    /// Read the audit log.
    ViewAudit,
    /// Invite, remove, change roles.
    ManageMembers,
    /// Name, plan, deletion.
    ManageWorkspace,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Developer, Self::Admin, Self::Owner];

    /// The one permission table.
    pub fn may(self, permission: Permission) -> bool {
        self >= match permission {
            Permission::ViewUsage | Permission::Connect => Self::Viewer,
            Permission::ViewKeys | Permission::ManageKeys => Self::Developer,
            Permission::ManageApps | Permission::ImportPeople | Permission::ViewAudit | Permission::ManageMembers => {
                Self::Admin
            }
            Permission::ManageWorkspace => Self::Owner,
        }
    }

    /// As stored and sent: `viewer`, `developer`, `admin`, `owner`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// As people read it: `Viewer`.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Viewer => "Viewer",
            Self::Developer => "Developer",
            Self::Admin => "Admin",
            Self::Owner => "Owner",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no role {0:?}: use owner, admin, developer or viewer")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stronger_role_may_whatever_a_weaker_one_may() {
        let permissions = [
            Permission::ViewUsage,
            Permission::Connect,
            Permission::ViewKeys,
            Permission::ManageKeys,
            Permission::ManageApps,
            Permission::ImportPeople,
            Permission::ViewAudit,
            Permission::ManageMembers,
            Permission::ManageWorkspace,
        ];
        let table: Vec<String> = permissions
            .into_iter()
            .map(|permission| {
                let roles: Vec<_> =
                    Role::ALL.into_iter().filter(|role| role.may(permission)).map(Role::as_str).collect();
                format!("{permission:?}: {}", roles.join(" "))
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"), @r"
        ViewUsage: viewer developer admin owner
        Connect: viewer developer admin owner
        ViewKeys: developer admin owner
        ManageKeys: developer admin owner
        ManageApps: admin owner
        ImportPeople: admin owner
        ViewAudit: admin owner
        ManageMembers: admin owner
        ManageWorkspace: owner
        ");
    }
}
