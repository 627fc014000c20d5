//! `visage serve`: migrate, serve, drain.

use super::Fault;
use crate::{
    accept::{self, Drained, Limits},
    config::ServerConfig,
    router,
    start::{self, House},
};
use std::{io, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle};
use tracing::{info, warn};
use usecases::{
    Deps, client,
    client_policy::{self, Moved},
    housekeeping,
};

/// How long a transaction that is open may hold up the end.
const LONGEST_GOODBYE: Duration = Duration::from_secs(5);

pub async fn run(config: &ServerConfig) -> Result<(), Fault> {
    let stop = signal()?;
    let listener = start::listen(config).await?;
    let port = local_port(&listener)?;
    let settings = config.settings(port);
    let house = House::open(config, settings).await?;
    let recognised = client::catch_up(&house.deps).await.map_err(|error| start::database(&error))?;
    if recognised > 0 {
        info!(clients = recognised, "Identical registrations are recognised anew");
    }
    let moved = client_policy::catch_up(&house.deps).await.map_err(|error| start::database(&error))?;
    if moved != Moved::default() {
        info!(
            allowed = moved.allowed,
            asked = moved.asked,
            blocked = moved.blocked,
            "Rules about names fit clients anew"
        );
    }
    info!(
        listen.address = %listener.local_addr()?,
        public_url = %house.deps.settings.public_url,
        "Visage serves {} and listens on {}",
        house.deps.settings.public_url,
        listener.local_addr()?
    );
    until(stop, listener, house).await
}

/// Serves until `stop` comes, finishes what is in flight, and closes the database.
pub async fn until(stop: impl Future<Output = ()>, listener: TcpListener, house: House) -> Result<(), Fault> {
    let sweeper = sweep(house.deps.clone());
    let drained = accept::serve(listener, router::router(house.deps.clone()), Limits::default(), async {
        stop.await;
        info!("Told to stop: finishing what is in flight");
    })
    .await;
    sweeper.abort();
    match drained {
        Drained::Completely => info!("Everything in flight was answered"),
        Drained::InPart => warn!("Some requests took too long and were dropped"),
    }
    // Every call that was answered is durable already; closing waits for a transaction that is open.
    if tokio::time::timeout(LONGEST_GOODBYE, house.deps.store.clone().close()).await.is_err() {
        warn!("The database was left with a transaction open: it undoes that by itself");
    }
    Ok(())
}

pub fn local_port(listener: &TcpListener) -> Result<u16, Fault> {
    Ok(listener.local_addr()?.port())
}

/// Comes with the first SIGTERM or Ctrl-C. Listening starts at once, so that no signal is missed while the house opens.
pub fn signal() -> Result<impl Future<Output = ()>, Fault> {
    let refused = |error: io::Error| Fault::new(format!("The system lets no signal be listened to ({error})."));
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(refused)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(refused)?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        let _ = refused;
        Ok(async {
            // Without the signal the server would stop at once; it is better to go on.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    }
}

/// Removes what has expired, soon after the start and then every quarter of an hour.
fn sweep(deps: Deps) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut turns = tokio::time::interval(Duration::from_secs(900));
        loop {
            turns.tick().await;
            match housekeeping::sweep(&deps).await {
                Ok(0) => {}
                Ok(removed) => info!(rows = removed, "Removed {removed} expired rows"),
                Err(error) => warn!(error = %error, "Expired rows could not be removed"),
            }
        }
    })
}
