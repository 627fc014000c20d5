//! Tokens: issued, exchanged, taken back.

mod issue;
mod redeem_code;
mod refresh;
mod revoke;

pub use issue::TokenAnswer;
pub(crate) use issue::issue_code;
pub use redeem_code::{RedeemCode, redeem_code};
pub use refresh::{Refresh, refresh};
pub use revoke::revoke;

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
    Store(#[from] StoreError),
}
