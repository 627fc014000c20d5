//! The one who writes the diary: takes whatever was noted meanwhile and commits it together. Nobody waits for it; when it
//! falls behind, what is noted is left out.

use super::{
    limit::Limit,
    looked_in::LookedIn,
    near,
    note::{Caller, Note},
};
use domain::{
    clock::Clock,
    connection::{ConnectionEvent, Mismatch, Outcome, SourceKey, Step, attempts},
    entropy::Entropy,
    id::{ConnectionEventId, GrantId},
};
use providers::doctor::USER_AGENT;
use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use store::{Store, StoreError};
use tokio::sync::{mpsc, oneshot};

const BATCH: usize = 256;
/// Notes that may wait; beyond it they are left out.
const WAITING: usize = 4_096;

enum Order {
    Write(ConnectionEvent),
    /// Answered once everything before it is written.
    Settle(oneshot::Sender<()>),
}

/// A handle to the diary, cheap to clone. Its writer ends when the last handle is dropped.
#[derive(Clone)]
pub struct Connections(Arc<Shared>);

struct Shared {
    orders: mpsc::Sender<Order>,
    key: SourceKey,
    /// How the doctor calls itself where it walks through this very server.
    own_walker: String,
    limit: Limit,
    looked_in: LookedIn,
    left_out: AtomicU64,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl Connections {
    /// Must be called inside a tokio runtime.
    pub fn start(store: Store, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let (orders, waiting) = mpsc::channel(WAITING);
        tokio::spawn(run(store, waiting));
        // Drawn anew at each start, and by each node: what is lost is a tie between steps, never more.
        let mut key = SourceKey([0; 32]);
        entropy.fill(&mut key.0);
        let own_walker = own_walker(&*entropy);
        let (limit, looked_in, left_out) = (Limit::default(), LookedIn::default(), AtomicU64::new(0));
        Self(Arc::new(Shared { orders, key, own_walker, limit, looked_in, left_out, clock, entropy }))
    }

    /// The user agent by which a walk through this server is no app's step. Nobody else may learn it.
    pub(crate) fn own_walker(&self) -> &str {
        &self.0.own_walker
    }

    /// Never waits and never fails.
    pub fn note(&self, note: Note) {
        let shared = &*self.0;
        if note.caller.as_ref().is_some_and(|caller| caller.user_agent == shared.own_walker) {
            return;
        }
        let now = shared.clock.now();
        let is_known = note.grant.is_some() || note.user.is_some();
        let is_let_in = match is_known {
            true => shared.limit.lets_known_in(now),
            false => shared.limit.lets_in(note.about(), note.caller.as_ref().map(Caller::network), now),
        };
        if !is_let_in {
            self.leave_out();
            return;
        }
        let id = ConnectionEventId::generate(now, &*shared.entropy);
        let event = ConnectionEvent {
            client: note.client,
            request: note.request,
            grant: note.grant,
            user: note.user,
            source: note.caller.map(|caller| caller.source(&shared.key)),
            ..ConnectionEvent::new(id, now, note.step, note.outcome)
        };
        if let Some(source) = event.source.filter(|_| event.is_look_in()) {
            shared.looked_in.remember(source, now);
        }
        self.write(event);
    }

    /// A call with a good token. Written down only where somebody had looked in from the same place just before, so it needs no
    /// share of its own: the look-in had one.
    pub fn called(&self, caller: &Caller) {
        let shared = &*self.0;
        let now = shared.clock.now();
        let source = shared.looked_in.answered_by(|| caller.source(&shared.key), now);
        if source.is_some() {
            let id = ConnectionEventId::generate(now, &*shared.entropy);
            let outcome = Outcome::Failed(Mismatch::AlreadyConnected);
            self.write(ConnectionEvent { source, ..ConnectionEvent::new(id, now, Step::FirstCall, outcome) });
        }
    }

    /// Waits until everything that was noted before is written, so that whoever reads finds it.
    pub async fn settle(&self) {
        let (settled, done) = oneshot::channel();
        if self.0.orders.send(Order::Settle(settled)).await.is_ok() {
            // The writer is gone only when the whole server is.
            let _ = done.await;
        }
    }

    /// How many notes were left out since the start.
    pub fn left_out(&self) -> u64 {
        self.0.left_out.load(Ordering::Relaxed)
    }

    fn write(&self, event: ConnectionEvent) {
        if self.0.orders.try_send(Order::Write(event)).is_err() {
            self.leave_out();
        }
    }

    fn leave_out(&self) {
        if self.0.left_out.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::warn!("More apps knock than the diary of connecting takes down: some steps are left out of it");
        }
    }
}

/// Any program can call itself the doctor; this process alone knows the number behind it.
fn own_walker(entropy: &dyn Entropy) -> String {
    let mut number = [0; 16];
    entropy.fill(&mut number);
    format!("{USER_AGENT} {:032x}", u128::from_be_bytes(number))
}

async fn run(store: Store, mut waiting: mpsc::Receiver<Order>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (mut events, mut settled) = (Vec::with_capacity(batch.len()), Vec::new());
        for order in batch.drain(..) {
            match order {
                Order::Write(event) => events.push(event),
                Order::Settle(answer) => settled.push(answer),
            }
        }
        if let Err(error) = write(&store, &events).await {
            tracing::warn!(error = %error, "The diary of connecting lost {} steps", events.len());
        }
        for answer in settled {
            // Whoever asked may have gone.
            let _ = answer.send(());
        }
    }
}

async fn write(store: &Store, events: &[ConnectionEvent]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let transaction = store.begin().await?;
    store::connection_event::record(&transaction, events).await?;
    transaction.commit().await?;
    let arrived: BTreeSet<GrantId> =
        events.iter().filter(|event| brings_a_grant(event)).filter_map(|event| event.grant).collect();
    for grant in arrived {
        bind(store, grant).await?;
    }
    Ok(())
}

/// Consent makes the grant; at the token it is known which machine is the app's.
fn brings_a_grant(event: &ConnectionEvent) -> bool {
    event.outcome == Outcome::Passed && matches!(event.step, Step::Consent | Step::Token)
}

/// What led to a grant lives as long as it.
async fn bind(store: &Store, grant: GrantId) -> Result<(), StoreError> {
    let of_grant = store::connection_event::list_of_grant(store, grant).await?;
    let around = near::around(store, &of_grant).await?;
    let Some(attempt) = attempts(around).into_iter().find(|attempt| attempt.grant() == Some(grant)) else {
        return Ok(());
    };
    let unbound: Vec<ConnectionEventId> =
        attempt.events.iter().filter(|event| event.grant.is_none()).map(|event| event.id).collect();
    if unbound.is_empty() {
        return Ok(());
    }
    let transaction = store.begin().await?;
    store::connection_event::bind(&transaction, &unbound, grant).await?;
    transaction.commit().await
}
