//! What every request passes through, whichever door it goes to.

pub mod account;
pub mod cross_site;
pub mod dialect;
pub mod machine_answers;
pub mod page_body;
pub mod security_headers;
pub mod viewer;

pub use account::RequestId;
