//! Identifiers: one type per kind of row, so that a user is never mistaken for a workspace.

use crate::{clock::Timestamp, entropy::Entropy};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// A text that is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected a UUID")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// A UUID version 7 (RFC 9562): sorted by the time of its making.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh identifier, stamped with `now`.
            pub fn generate(now: Timestamp, entropy: &dyn Entropy) -> Self {
                let mut random = [0; 10];
                entropy.fill(&mut random);
                Self(uuid::Builder::from_unix_timestamp_millis(now.as_millis().unsigned_abs(), &random).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )*};
}

ids! {
    /// A person with an account.
    UserId;
    /// A tenant.
    WorkspaceId;
    /// A signed-in browser.
    SessionId;
    /// One pending question to a person: may this client act for you?
    AuthorizationRequestId;
    /// A subject's recorded permission for one client.
    GrantId;
    /// Refresh tokens that descend from one authorization code.
    FamilyId;
    /// One token's row: access or refresh.
    TokenId;
    /// A key for the image API.
    ApiKeyId;
    /// A person who can be looked up, in one workspace's directory.
    ProfileId;
    /// One metered call.
    UsageEventId;
    /// One entry of the audit log.
    AuditEventId;
    /// One rule of the operator's policy for clients.
    PolicyRuleId;
    /// One step of a client on its way to a connection.
    ConnectionEventId;
}
