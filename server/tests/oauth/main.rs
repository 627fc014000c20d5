//! The authorization server's door, through the router.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod apps_page;
mod authorize;
mod browser_cookies;
mod browser_forms;
mod browser_pages;
mod client_names;
mod connection_pages;
mod decision;
mod diary;
mod manage;
mod metadata;
mod next_request;
mod register;
mod revoke;
mod road;
mod server_pages;
mod signed_in;
mod support;
mod token;
mod visitor;
