//! The one writer: takes whatever calls are waiting, up to a batch, and commits them together, so that durability costs
//! one commit for many.

use super::reserve::{MeterError, Metered};
use domain::{
    id::WorkspaceId,
    linkedin_url::VanityName,
    quota::{self, Balance, Cycle, Units},
    usage::UsageEvent,
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};
use store::{Store, StoreError, Transaction};
use tokio::sync::{mpsc, oneshot};

const BATCH: usize = 256;
/// Calls that may wait; beyond it callers wait to be let in.
const WAITING: usize = 4_096;

type Verdict = Result<Metered, MeterError>;

struct Order {
    event: UsageEvent,
    answer: oneshot::Sender<Verdict>,
}

/// A handle to the writer. It ends when the last handle is dropped.
#[derive(Clone)]
pub struct Writer {
    orders: mpsc::Sender<Order>,
}

impl Writer {
    /// Must be called inside a tokio runtime.
    pub fn start(store: Store) -> Self {
        let (orders, waiting) = mpsc::channel(WAITING);
        tokio::spawn(run(store, waiting));
        Self { orders }
    }

    pub(super) async fn submit(&self, event: UsageEvent) -> Verdict {
        let (answer, verdict) = oneshot::channel();
        self.orders.send(Order { event, answer }).await.map_err(|_| MeterError::Closed)?;
        verdict.await.map_err(|_| MeterError::Closed)?
    }
}

async fn run(store: Store, mut waiting: mpsc::Receiver<Order>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (events, answers): (Vec<_>, Vec<_>) = batch.drain(..).map(|order| (order.event, order.answer)).unzip();
        let verdicts = match commit(&store, &events).await {
            Ok(verdicts) => verdicts,
            Err(error) => {
                tracing::error!(error = %error, "Metering could not commit {} calls", events.len());
                let error = Arc::new(error);
                events.iter().map(|_| Err(MeterError::Store(error.clone()))).collect()
            }
        };
        for (answer, verdict) in answers.into_iter().zip(verdicts) {
            // A caller that went away took its unit with it: it may have been answered by then.
            drop(answer.send(verdict));
        }
    }
}

async fn commit(store: &Store, events: &[UsageEvent]) -> Result<Vec<Verdict>, StoreError> {
    let transaction = store.begin().await?;
    let mut verdicts: Vec<Option<Verdict>> = events.iter().map(|_| None).collect();
    // In one order everywhere, so that two nodes never wait for each other's workspaces.
    let mut shelves: BTreeMap<(WorkspaceId, Cycle), Vec<usize>> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        shelves.entry((event.workspace, Cycle::containing(event.at))).or_default().push(index);
    }
    let mut accepted = Vec::with_capacity(events.len());
    for ((workspace, cycle), indices) in shelves {
        let shelf: Vec<&UsageEvent> = indices.iter().map(|index| &events[*index]).collect();
        let decided = settle(&transaction, workspace, cycle, &shelf).await?;
        for (index, verdict) in indices.into_iter().zip(decided) {
            if let Ok(metered) = &verdict {
                accepted.push((events[index].clone(), metered.is_new));
            }
            verdicts[index] = Some(verdict);
        }
    }
    store::usage::append(&transaction, &accepted).await?;
    transaction.commit().await?;
    Ok(verdicts.into_iter().map(|verdict| verdict.unwrap_or(Err(MeterError::Closed))).collect())
}

/// Decides the calls of one workspace in the order they came.
async fn settle(
    transaction: &Transaction,
    workspace: WorkspaceId,
    cycle: Cycle,
    events: &[&UsageEvent],
) -> Result<Vec<Verdict>, StoreError> {
    let (plan, mut used) = store::quota::lock(transaction, workspace, cycle).await?;
    let names: Vec<VanityName> =
        events.iter().map(|event| event.vanity.clone()).collect::<HashSet<_>>().into_iter().collect();
    let mut unseen = store::quota::unseen(transaction, workspace, &names).await?;
    let mut seen_now = Vec::new();
    let mut verdicts = Vec::with_capacity(events.len());
    for event in events {
        let is_new = unseen.contains(&event.vanity);
        let cost = Units { avatar_requests: 1, avatar_new_profiles: u64::from(is_new) };
        verdicts.push(match quota::take(used, cost, plan.limits, cycle) {
            Ok(after) => {
                used = after;
                if is_new {
                    unseen.remove(&event.vanity);
                    seen_now.push(event.vanity.clone());
                }
                Ok(Metered { balance: Balance { plan: plan.clone(), cycle, used }, is_new })
            }
            Err(exceeded) => Err(MeterError::Exceeded(exceeded)),
        });
    }
    if let Some(last) = events.last() {
        store::quota::mark_seen(transaction, workspace, &seen_now, last.at).await?;
        store::quota::save(transaction, workspace, cycle, used).await?;
    }
    Ok(verdicts)
}
