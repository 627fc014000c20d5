//! Tokens: issued, exchanged, taken back.

mod identity_token;
mod introspect;
mod issue;
mod on_file;
mod redeem_code;
mod refresh;
mod revoke;
mod signing_keys;
mod standing;
mod user_info;

pub use introspect::{IntrospectError, Introspection, introspect};
pub use issue::TokenAnswer;
pub(crate) use issue::{Family, issue, issue_code};
pub use on_file::is_on_file;
pub use redeem_code::{RedeemCode, redeem_code};
pub use refresh::{Refresh, refresh};
pub use revoke::revoke;
pub use signing_keys::{Replaced, Rotated, Rotation, SigningKeyError, key_set, rotate};
pub use user_info::{UserInfoError, user_info};

use domain::{connection::Mismatch, id::GrantId, oauth::resource::InvalidTarget};
use std::fmt;
use store::StoreError;

/// Why no token was issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The code or refresh token is unknown, spent, expired, or not for this client.
    #[error("{0}")]
    InvalidGrant(GrantFault),
    #[error("{0}")]
    InvalidTarget(InvalidTarget, GrantId),
    #[error("none of the scopes asked for was granted: leave scope out to keep what was granted")]
    InvalidScope,
    #[error("this client did not register for the refresh_token grant")]
    UnauthorizedClient,
    #[error("{0}")]
    InvalidRequest(&'static str),
    #[error(transparent)]
    SigningKey(#[from] SigningKeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a code or refresh token is not honoured. The client is told less than the diary: which of several reasons it was is
/// nothing that somebody who tries tokens should learn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantFault {
    told: &'static str,
    pub mismatch: Mismatch,
    /// The grant, where one was found.
    pub grant: Option<GrantId>,
}

impl fmt::Display for GrantFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.told)
    }
}

impl TokenError {
    pub(crate) const fn invalid_grant(told: &'static str, mismatch: Mismatch, grant: Option<GrantId>) -> Self {
        Self::InvalidGrant(GrantFault { told, mismatch, grant })
    }
}
