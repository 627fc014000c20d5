//! The image API's door and what every request passes through, through the router.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod avatar;
mod cdn;
mod everywhere;
mod openapi;
#[path = "../support/mod.rs"]
mod support;
mod usage;
