//! The server with another MCP handler: the tools, prompts and resources that the official conformance suite asks for, behind
//! the very doors of Visage. Never shipped. It stands beside a house that was set up before, and takes its tokens:
//!
//! ```text
//! VISAGE_LISTEN=127.0.0.1:8081 cargo run --package server --example conformance -- stateless
//! ```

mod content;
mod conversation;
mod fixture;
mod input_required;
mod prompts;
mod resources;
mod tools;

use fixture::Fixture;
use rmcp::transport::streamable_http_server::{
    StreamableHttpService,
    session::{local::LocalSessionManager, never::NeverSessionManager},
};
use server::{
    accept::{self, Limits},
    config::ServerConfig,
    mcp, router,
};
use std::{error::Error, future, sync::Arc};
use store::Store;
use tokio::net::TcpListener;
use usecases::Deps;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = ServerConfig::load(None)?;
    let store = Store::connect(&config.database_url).await?;
    store.check_schema().await?;
    let deps = Deps::new(store, config.settings(config.listen.port()));
    let fixture = Fixture::new(deps.clone());
    let factory = move || Ok(fixture.clone());
    let door = match std::env::args().nth(1).as_deref() {
        // As the connector is served.
        Some("stateless") => {
            let sessions = Arc::new(NeverSessionManager::default());
            mcp::door(deps.clone(), StreamableHttpService::new(factory, sessions, mcp::transport()))
        }
        // Up to 2025-11-25 a server that asks its client something must recognise the answer, which comes as a request of
        // its own: nothing but a session tells whose question it answers.
        Some("sessions") => {
            let sessions = Arc::new(LocalSessionManager::default());
            let transport = mcp::transport().with_legacy_session_mode(true);
            mcp::door(deps.clone(), StreamableHttpService::new(factory, sessions, transport))
        }
        _ => return Err("say how to serve: `stateless` or `sessions`".into()),
    };
    let listener = TcpListener::bind(config.listen).await?;
    accept::serve(listener, router::around(door, deps), Limits::default(), future::pending()).await;
    Ok(())
}
