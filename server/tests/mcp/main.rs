//! The resource server's door, through the router.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod challenge;
mod client;
mod definitions;
mod disconnect;
mod edge;
mod generations;
mod limits;
mod stateless;
#[expect(dead_code, reason = "the tests of the OAuth door need more of it")]
#[path = "../oauth/support.rs"]
mod support;
mod tools;
