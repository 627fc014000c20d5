//! What machines call, and where everything is put together: the binary `visage` is a thin shell around this.

pub mod accept;
pub mod api;
mod assets;
mod bearer;
mod body;
pub mod cli;
pub mod config;
mod fault;
mod health;
pub mod mcp;
pub mod middleware;
pub mod oauth;
pub mod openapi;
mod pages;
pub mod router;
mod start;
mod telemetry;
mod words;
