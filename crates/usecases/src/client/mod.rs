//! OAuth clients: registering, being entered, proving who they are.

mod assertion;
mod authenticate;
mod catch_up;
mod documents;
mod keys;
mod logo;
mod manage;
mod permits;
mod record;
mod register;
mod resolve;
mod seen;

pub use authenticate::{AuthenticateError, Presented, Proof, authenticate};
pub use catch_up::catch_up;
pub use documents::Documents;
pub use keys::KeySets;
pub use logo::Logos;
pub(crate) use logo::{ASKED_AGAIN_AFTER as LOGO_ASKED_AGAIN_AFTER, picture, pictures, want as want_logo};
pub use manage::{ManageError, delete, read, update};
pub use register::{NewClient, RegisterError, Registered, add, add_resource_server, register};
pub(crate) use resolve::resolve_again;
pub use resolve::{ResolveError, resolve};
pub(crate) use seen::seen;
