//! Connections that exist: listed for people, moved and ended by them.

mod grouped;
mod list;
mod move_workspace;
mod revoke;

pub use grouped::{AppConnections, PersonConnections, grouped};
pub(crate) use list::codes_since;
pub use list::{AuthorizedApp, list};
pub use move_workspace::{MoveGrantError, destinations, is_locked, move_workspace};
pub use revoke::{Ended, RevokeGrantError, Which, revoke, revoke_several};
pub(crate) use revoke::{LEFT, NEW_PASSWORD, end};
