//! The server as it is shipped, but for one thing: it reads clients' documents on this machine too. Never shipped: journeys
//! stand in for the publishers of clients, and the guard of the real one lets nobody do that.

use providers::http::{GuardedClient, NetworkPolicy};
use server::{
    accept::{self, Limits},
    config::ServerConfig,
    router,
};
use std::{error::Error, fs, future};
use store::Store;
use tokio::net::TcpListener;
use usecases::Deps;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = ServerConfig::load(None)?;
    let settings = config.settings(config.listen.port());
    fs::create_dir_all(&config.data_dir)?;
    let store = Store::connect(&config.database_url).await?;
    store.migrate().await?;
    let mut deps = Deps::new(store, settings);
    deps.network = GuardedClient::new(NetworkPolicy::AllowLoopback);
    let listener = TcpListener::bind(config.listen).await?;
    accept::serve(listener, router::router(deps), Limits::default(), future::pending()).await;
    Ok(())
}
