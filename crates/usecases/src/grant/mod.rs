//! Connections that exist: listed for people, ended by them.

mod list;
mod revoke;

pub use list::{AuthorizedApp, list};
pub use revoke::{RevokeGrantError, revoke};
