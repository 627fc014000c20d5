//! What every request passes through, whichever door it goes to.

pub mod account;
pub mod caller;
pub mod client_address;
pub mod cross_site;
pub mod dialect;
pub mod lost_apps;
pub mod machine_answers;
pub mod page_body;
pub mod security_headers;
pub mod viewer;
pub mod wrong_method;

pub use account::RequestId;
pub use caller::CalledBy;
pub use client_address::ClientAddress;

use std::time::Duration;

/// How long a browser need not ask again whether its page may ask.
pub const PREFLIGHT_LIFE: Duration = Duration::from_secs(600);
