//! Drives the built binary as its users do; sees HTTP only.

pub mod app;
pub mod browser;
pub mod conformance;
pub mod conversation;
pub mod fixtures;
pub mod http;
pub mod inspector;
pub mod mcp_client;
pub mod mcp_remote;
pub mod other_site;
pub mod patience;
pub mod publisher;
pub mod schemathesis;
pub mod setup;
pub mod terminal_client;
pub mod visage;

mod programs;
