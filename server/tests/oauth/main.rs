//! The authorization server's door, through the router.
#![expect(clippy::unwrap_used, reason = "a test may end where it stands")]

mod apps_page;
mod attacks;
mod audience;
mod authorize;
mod browser_cookies;
mod browser_forms;
mod browser_pages;
mod client_assertion;
mod client_documents;
mod client_names;
mod clients_in_the_field;
mod connection_pages;
mod decision;
mod diary;
mod introspect;
mod jwks;
mod manage;
mod metadata;
mod next_request;
mod nul;
mod openid;
mod prompt;
mod publisher;
mod redirect_uris;
mod register;
mod revoke;
mod road;
mod server_pages;
mod signed_in;
mod support;
mod token;
mod traps;
mod verifier;
mod visitor;
