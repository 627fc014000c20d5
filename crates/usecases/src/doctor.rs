//! The road to a connector, walked from this server for whoever looks at `/connect/doctor`.

use crate::{
    Deps,
    access::session::Viewer,
    pace::{ClientAddress, TooFast},
};
use domain::doctor::Report;
use providers::{
    doctor::{Road, walk},
    operator::OperatorClient,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// Walks at the same time, for all visitors together: each is a dozen calls.
const AT_ONCE: usize = 4;
/// For one walk as a whole.
const PATIENCE: Duration = Duration::from_secs(40);
const LONGEST_URL: usize = 2_048;

/// What walks need of each other. Cheap to clone.
#[derive(Clone)]
pub struct Doctor {
    client: OperatorClient,
    turns: Arc<Semaphore>,
}

impl Doctor {
    pub(crate) fn new() -> Self {
        Self { client: OperatorClient::new(), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    #[error("this address is too long")]
    TooLong,
    /// Whoever is not signed in may look at this server alone.
    #[error("sign in to check another server than this one")]
    SignedOut,
    #[error("several checks are running already: wait a minute and check again")]
    Busy,
    #[error(transparent)]
    TooFast(#[from] TooFast),
    #[error("the server took longer than 40 seconds to answer all that apps ask it: they would have given up")]
    TimedOut,
}

/// Walks the road to `url`. This server is called by the address that its operator configured; any other one has to be
/// public, and is called through the guarded client.
pub async fn examine(
    deps: &Deps,
    viewer: Option<&Viewer>,
    from: Option<ClientAddress>,
    url: &str,
) -> Result<Report, ExamineError> {
    let url = url.trim();
    if url.len() > LONGEST_URL {
        return Err(ExamineError::TooLong);
    }
    let road = Road::of_strangers(url, deps.settings.public_url.as_str(), &deps.doctor.client, &deps.network);
    match (viewer, from) {
        (Some(viewer), _) => deps.pace.walk(viewer.user.id)?,
        (None, _) if !road.is_own() => return Err(ExamineError::SignedOut),
        (None, Some(ClientAddress(from))) => deps.pace.walk_of_stranger(from)?,
        // Nobody came by the network.
        (None, None) => {}
    }
    let _turn = deps.doctor.turns.try_acquire().map_err(|_| ExamineError::Busy)?;
    let walked = Box::pin(walk(&road, url, deps.now()));
    tokio::time::timeout(PATIENCE, walked).await.map_err(|_| ExamineError::TimedOut)
}
