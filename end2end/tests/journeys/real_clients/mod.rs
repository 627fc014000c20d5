//! Clients that other people wrote, each in its strictest mode, through the real consent screen.

mod by_document;
mod expiry;
mod inspector;
mod mcp_remote;
mod mcpjam;
mod rmcp;
mod strict_oauth;
mod workspace_address;

use std::net::TcpListener;

use anyhow::Result;

/// A port that was free a moment ago, for a client that has to name its callback before it listens.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
