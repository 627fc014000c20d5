//! Connections that exist: listed for people, moved and ended by them.

mod alarms;
mod list;
mod move_workspace;
mod revoke;

pub use alarms::{Alarm, Copied, alarms, put_alarms_away};
pub use list::{AuthorizedApp, list};
pub use move_workspace::{MoveGrantError, destinations, is_locked, move_workspace};
pub use revoke::{RevokeGrantError, revoke};
