//! The authorization server's door, through the router.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod authorize;
mod decision;
mod metadata;
mod register;
mod revoke;
mod road;
mod support;
mod token;
