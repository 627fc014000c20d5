//! OAuth clients: registering, being entered, proving who they are.

mod authenticate;
mod documents;
mod manage;
mod register;
mod resolve;
mod seen;

pub use authenticate::{AuthenticateError, Presented, authenticate};
pub use documents::Documents;
pub use manage::{ManageError, delete, read, update};
pub use register::{RegisterError, Registered, add, register};
pub(crate) use resolve::resolve_again;
pub use resolve::{ResolveError, resolve};
pub(crate) use seen::seen;
