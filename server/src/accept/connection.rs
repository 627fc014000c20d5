//! One connection from its first byte to its end: it ends by itself, when the server stops, or when it only sits there.

use super::{Limits, phase::Phase};
use hyper_util::server::graceful::GracefulConnection;
use std::{fmt::Display, future, pin::Pin, sync::Arc, time::Duration};
use tokio::{sync::watch, time};
use tracing::debug;

/// Serves `connection` until it ends. After a word from `stopped` it takes nothing new and finishes what is in flight.
pub async fn drive<C: GracefulConnection<Error: Display>>(
    mut connection: Pin<Box<C>>,
    phase: Arc<Phase>,
    limits: Limits,
    mut stopped: watch::Receiver<()>,
) {
    let mut silence = std::pin::pin!(silence(&phase, limits.head));
    let rest = tokio::select! {
        ended = connection.as_mut() => return tell(ended),
        () = silence.as_mut() => return debug!("A connection that asked for nothing was closed"),
        _ = stopped.changed() => None,
        () = idleness(&phase, limits.idle) => Some(limits.stall),
    };
    connection.as_mut().graceful_shutdown();
    tokio::select! {
        ended = connection.as_mut() => tell(ended),
        () = silence => debug!("A connection that asked for nothing was closed"),
        () = time::sleep(rest.unwrap_or_default()), if rest.is_some() => debug!("An idle connection was dropped"),
    }
}

fn tell<T, E: Display>(ended: Result<T, E>) {
    if let Err(error) = ended {
        debug!(error = %error, "A connection ended with a fault");
    }
}

/// Comes when a connection has not asked for anything in time. The protocol's own timer starts only once the protocol is
/// known, and a connection that sends nothing, or half of a preface, never gets there.
async fn silence(phase: &Phase, limit: Duration) {
    time::sleep(limit).await;
    if phase.has_asked() {
        future::pending::<()>().await;
    }
}

/// Comes when a whole `limit` has passed in which nothing was asked, worked on or answered. HTTP/1 has a timer for that;
/// HTTP/2 only asks whether the other side still lives, and a client that idles for ever says yes.
async fn idleness(phase: &Phase, limit: Duration) {
    loop {
        let before = phase.mark();
        time::sleep(limit).await;
        if phase.has_idled_since(before) {
            break;
        }
    }
}
