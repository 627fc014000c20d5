//! The accept loop. Our own, because the stock one has no timer: it never closes a connection that sends half a request.

mod connection;
mod phase;
mod request_body;
mod stall;
#[cfg(test)]
mod tests;

use crate::middleware::client_address::Peer;
use axum::Router;
use hyper::{Request, body::Incoming};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use phase::Phase;
pub use request_body::BodyTooSlow;
use request_body::TimedBody;
use stall::StallGuard;
use std::{convert::Infallible, io, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time,
};
use tower::ServiceExt as _;
use tracing::{debug, warn};

/// How much one connection, and all of them together, may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For the head of a request, from its first byte.
    pub head: Duration,
    /// For sitting idle between two requests. Longer than the minute for which load balancers keep a connection: one that we
    /// close just as they use it again is an error page of theirs.
    pub idle: Duration,
    /// For the whole body of a request.
    pub body: Duration,
    /// For a client to take any byte of an answer that waits for it.
    pub stall: Duration,
    /// Connections at a time; more wait in the system's queue.
    pub connections: usize,
    /// For what is in flight when the server is told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            body: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            connections: 10_000,
            drain: Duration::from_secs(20),
        }
    }
}

/// How the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Everything in flight was answered.
    Completely,
    /// Time was up before.
    InPart,
}

/// Serves until `shutdown` comes, then takes no more connections and finishes what is in flight.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    let slots = Arc::new(Semaphore::new(limits.connections));
    // Each connection holds an end; all of them gone means that everything was answered.
    let (stop, stopped) = watch::channel(());
    let builder = protocol(limits);
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let (stream, peer, slot) = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let phase = Arc::new(Phase::default());
        let service = {
            let (router, phase) = (router.clone(), Arc::clone(&phase));
            tower::service_fn(move |request: Request<Incoming>| {
                let in_flight = phase.request(request.version());
                let (mut request, leftover) = TimedBody::split(request, limits.body);
                request.extensions_mut().insert(peer);
                let answer = router.clone().oneshot(request);
                async move {
                    let Ok(answer) = answer.await;
                    let answer = leftover.settle(answer).await;
                    drop(in_flight);
                    Ok::<_, Infallible>(answer)
                }
            })
        };
        let stream = TokioIo::new(StallGuard::new(stream, limits, Arc::clone(&phase)));
        let connection = builder.serve_connection(stream, TowerToHyperService::new(service)).into_owned();
        let stopped = stopped.clone();
        tokio::spawn(async move {
            connection::drive(Box::pin(connection), phase, limits, stopped).await;
            drop(slot);
        });
    }
    drop((listener, stopped));
    stop.send_replace(());
    tokio::select! {
        () = stop.closed() => Drained::Completely,
        () = time::sleep(limits.drain) => Drained::InPart,
    }
}

/// HTTP/1.1 and HTTP/2 on one port, told apart by their first bytes.
fn protocol(limits: Limits) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.idle).max_buf_size(64 * 1024).half_close(false);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.stall)
        .keep_alive_timeout(limits.head)
        .max_concurrent_streams(128)
        .max_header_list_size(32 * 1024)
        .max_pending_accept_reset_streams(32)
        .max_local_error_reset_streams(256);
    builder
}

/// The next connection, once there is room for one. A fault of one connection, or of the system, never ends the loop.
async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> (TcpStream, Peer, OwnedSemaphorePermit) {
    let slot = loop {
        // The semaphore is never closed.
        if let Ok(slot) = Arc::clone(slots).acquire_owned().await {
            break slot;
        }
    };
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // Answers are small and whole: waiting to fill a packet would only delay them.
                if let Err(error) = stream.set_nodelay(true) {
                    debug!(error = %error, "A connection can't be told to send at once");
                }
                return (stream, Peer(address.ip()), slot);
            }
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                // Out of file descriptors or memory: connections that end will give some back.
                warn!(error = %error, "No connection can be taken now, trying again");
                time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn is_of_the_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}
