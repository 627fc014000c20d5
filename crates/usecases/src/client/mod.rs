//! OAuth clients: registering, being entered, proving who they are.

mod authenticate;
mod register;

pub use authenticate::{AuthenticateError, Presented, authenticate};
pub use register::{RegisterError, Registered, add, register};
