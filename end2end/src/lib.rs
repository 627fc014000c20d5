//! Drives the built binary as its users do; sees HTTP only.

pub mod app;
pub mod browser;
pub mod fixtures;
pub mod http;
pub mod mcp_client;
pub mod other_site;
pub mod patience;
pub mod setup;
pub mod visage;

mod programs;
