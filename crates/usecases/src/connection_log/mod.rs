//! The diary of connecting: doors note each step of an app, a task of its own writes it down, and people read their own.
//! It is no audit: it is written afterwards, merged, limited and swept out, and nothing waits for it.

mod astray;
mod attempts;
mod diagnose;
mod limit;
mod looked_in;
mod near;
mod note;
mod timeline;
mod writer;

pub use astray::wrong_path;
pub(crate) use attempts::KEPT;
pub use attempts::{Sighting, list_all, list_own, list_troubled, own_troubles};
pub(crate) use diagnose::page_fault;
pub use diagnose::{Said, refused_client, refused_request, refused_token};
pub use note::{Caller, Note};
pub use timeline::{Timeline, TimelineError, timeline};
pub use writer::Connections;
