//! OAuth clients: registering, being entered, proving who they are.

mod authenticate;
mod manage;
mod register;
mod seen;

pub use authenticate::{AuthenticateError, Presented, authenticate};
pub use manage::{ManageError, delete, read, update};
pub use register::{RegisterError, Registered, add, register};
pub(crate) use seen::seen;
