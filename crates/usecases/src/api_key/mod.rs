//! Keys for the image API: made, listed, revoked.

mod create;
mod list;
mod revoke;

pub use create::{CreateKeyError, NewKey, create, create_as_operator};
pub(crate) use create::{Draft, insert};
pub use list::{NotAllowed, list, list_as_operator};
pub use revoke::{RevokeKeyError, revoke, revoke_by_hint};
