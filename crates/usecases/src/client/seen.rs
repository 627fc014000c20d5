//! That a client is still in use, so that its registration is kept.

use crate::Deps;
use domain::oauth::client::ClientId;
use std::time::Duration;
use store::{StoreError, Transaction};

/// Written at most this often per client: thousands of people may share one.
const NOTED_AGAIN_AFTER: Duration = Duration::from_secs(3_600);

pub(crate) async fn seen(deps: &Deps, transaction: &Transaction, id: &ClientId) -> Result<(), StoreError> {
    let now = deps.now();
    store::client::touch(transaction, id, now, now.minus(NOTED_AGAIN_AFTER)).await
}
