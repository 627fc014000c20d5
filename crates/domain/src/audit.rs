//! The audit log: who changed what. A closed list of actions; entries are appended, never changed.

use crate::{
    clock::Timestamp,
    id::{AuditEventId, UserId, WorkspaceId},
};
use serde_json::Value;

macro_rules! actions {
    ($($name:ident => $text:literal,)*) => {
        /// Everything that can stand in the log.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($name,)* }

        impl Action {
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

actions! {
    UserCreated => "user.created",
    UserDisabled => "user.disabled",
    UserEnabled => "user.enabled",
    PasswordChanged => "user.password_changed",
    SignedIn => "user.signed_in",
    SignInRefused => "user.sign_in_refused",
    SignedOut => "user.signed_out",
    WorkspaceCreated => "workspace.created",
    PlanChanged => "workspace.plan_changed",
    MemberAdded => "member.added",
    MemberRoleChanged => "member.role_changed",
    MemberRemoved => "member.removed",
    PeopleImported => "people.imported",
    KeyCreated => "key.created",
    KeyRevoked => "key.revoked",
    ClientRegistered => "client.registered",
    ClientUpdated => "client.updated",
    ClientDeleted => "client.deleted",
    ClientDocumentChanged => "client.document_changed",
    PolicyRuleAdded => "client_policy.rule_added",
    PolicyRuleRemoved => "client_policy.rule_removed",
    PolicyDefaultChanged => "client_policy.default_changed",
    PolicyApplied => "client_policy.applied",
    SigningKeyMade => "signing_key.made",
    SigningKeyRotated => "signing_key.rotated",
    OperatorNamed => "operator.named",
    OperatorDismissed => "operator.dismissed",
    GrantMoved => "grant.moved",
    GrantApproved => "grant.approved",
    GrantDenied => "grant.denied",
    GrantRevoked => "grant.revoked",
    TokenIssued => "token.issued",
    TokenRefreshed => "token.refreshed",
    TokenRevoked => "token.revoked",
    CodeReplayed => "token.code_replayed",
    RefreshReplayed => "token.refresh_replayed",
    NoticesPutAway => "alarms.put_away",
}

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    User(UserId),
    /// An OAuth client, by its `client_id`.
    Client(String),
    /// Somebody at the server's command line.
    Operator,
    /// The server itself.
    System,
    /// Nobody known: a stranger at a public door.
    Anonymous,
}

impl Actor {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Client(_) => "client",
            Self::Operator => "operator",
            Self::System => "system",
            Self::Anonymous => "anonymous",
        }
    }

    pub fn id(&self) -> Option<String> {
        match self {
            Self::User(id) => Some(id.to_string()),
            Self::Client(id) => Some(id.clone()),
            Self::Operator | Self::System | Self::Anonymous => None,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct AuditEvent {
    pub id: AuditEventId,
    pub at: Timestamp,
    pub workspace: Option<WorkspaceId>,
    pub actor: Actor,
    pub action: Action,
    /// What was acted upon: an identifier or a name, never a secret.
    pub target: String,
    /// The person who is to be told of it, where somebody is.
    pub concerns: Option<UserId>,
    pub detail: Value,
}
