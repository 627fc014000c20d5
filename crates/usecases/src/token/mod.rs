//! Tokens: issued, exchanged, taken back.

mod identity_token;
mod issue;
mod redeem_code;
mod refresh;
mod revoke;
mod signing_keys;

pub use issue::TokenAnswer;
pub(crate) use issue::issue_code;
pub use redeem_code::{RedeemCode, redeem_code};
pub use refresh::{Refresh, refresh};
pub use revoke::revoke;
pub use signing_keys::{SigningKeyError, key_set, rotate};

use domain::oauth::resource::InvalidTarget;
use store::StoreError;

/// Why no token was issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The code or refresh token is unknown, spent, expired, or not for this client.
    #[error("{0}")]
    InvalidGrant(&'static str),
    #[error(transparent)]
    InvalidTarget(#[from] InvalidTarget),
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
