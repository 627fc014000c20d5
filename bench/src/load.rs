//! A closed loop: each connection asks again as soon as it was answered. Every answer is checked while it is counted.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use tokio::task::JoinSet;

use crate::wire::{Answer, Connection, Request};

/// Words are looked for in the first answer of a connection and then in each of this many; the status in all.
const READ_EVERY: u64 = 64;

/// What one connection asks, over and over, and what it must be told.
#[derive(Debug, Clone)]
pub struct Caller {
    pub requests: Vec<Request>,
    pub status: u16,
    pub words: &'static str,
    /// Makes the next request from the last answer, where each request can be sent only once.
    pub follow_up: Option<fn(&Request, &Answer) -> Option<Request>>,
}

/// When a load ends.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// After this time. What is under way is finished, so that every call is acknowledged.
    Over(Duration),
    /// When the server is gone.
    Cut,
}

/// What came of a load.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Calls that were answered, to the last byte.
    pub acknowledged: u64,
    /// Calls that were sent, in whole or in part, and not answered.
    pub in_flight: u64,
    /// Of each answered call, in nanoseconds, sorted.
    pub latencies: Vec<u64>,
    pub elapsed: Duration,
}

/// Puts one connection to work for each caller. Callers keep where they stopped.
pub async fn run(address: SocketAddr, callers: &mut Vec<Caller>, until: Until) -> Result<Outcome> {
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for (number, caller) in callers.drain(..).enumerate() {
        tasks.spawn(call(address, caller, number, start, until));
    }
    let mut whole = Outcome::default();
    for done in tasks.join_all().await {
        let (caller, part) = done?;
        callers.push(caller);
        whole.acknowledged += part.acknowledged;
        whole.in_flight += part.in_flight;
        whole.latencies.extend(part.latencies);
    }
    whole.elapsed = start.elapsed();
    whole.latencies.sort_unstable();
    Ok(whole)
}

async fn call(
    address: SocketAddr,
    mut caller: Caller,
    number: usize,
    start: Instant,
    until: Until,
) -> Result<(Caller, Outcome)> {
    let mut outcome = Outcome::default();
    let mut connection = Connection::open(address).await?;
    // Callers begin at different places of the same list.
    for turn in number.. {
        if matches!(until, Until::Over(limit) if start.elapsed() >= limit) {
            break;
        }
        let at = turn % caller.requests.len();
        let sent = Instant::now();
        let answer = match connection.exchange(&caller.requests[at]).await {
            Ok(answer) => answer,
            Err(_) if matches!(until, Until::Cut) => {
                outcome.in_flight += 1;
                break;
            }
            Err(error) => return Err(error.into()),
        };
        let latency = sent.elapsed();
        let is_read = outcome.acknowledged.is_multiple_of(READ_EVERY);
        if answer.status != caller.status || (is_read && !answer.contains(caller.words)) {
            bail!("expected {} with {:?}, got {}: {}", caller.status, caller.words, answer.status, answer.text());
        }
        outcome.acknowledged += 1;
        outcome.latencies.push(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
        if let Some(follow_up) = caller.follow_up {
            let Some(next) = follow_up(&caller.requests[at], &answer) else {
                bail!("nothing follows from {}", answer.text())
            };
            caller.requests[at] = next;
        }
    }
    Ok((caller, outcome))
}
