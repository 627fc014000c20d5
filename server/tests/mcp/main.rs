//! The resource server's door, through the router.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod challenge;
mod client;
mod definitions;
mod edge;
mod generations;
mod limits;
mod stateless;
#[path = "../oauth/support.rs"]
mod support;
mod tools;
