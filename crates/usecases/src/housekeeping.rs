//! Sweeping out what has expired.

use crate::{Deps, connection_log};
use domain::oauth::signing::PUBLISHED_AFTER_RETIREMENT;
use std::time::Duration;
use store::{StoreError, connection_event::Old};

/// Spent codes and expired tokens stay on file for a day, so that a replay is still seen for what it is.
const KEPT_AFTER_EXPIRY: Duration = Duration::from_secs(86_400);

/// A registration that nobody ever authorized.
const NEVER_USED_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// A client whose last connection ended.
const NO_LONGER_USED_KEPT: Duration = Duration::from_secs(90 * 86_400);

/// The diary of a connection after its end, and of faults of one that goes on.
const PAST_CONNECTIONS_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Steps that came to no connection, whatever their age: a flood of them must not fill the disk.
const MOST_UNFINISHED_KEPT: u64 = 50_000;

/// Rows removed.
pub async fn sweep(deps: &Deps) -> Result<u64, StoreError> {
    deps.pace.forget_silent();
    let now = deps.now();
    let long_expired = now.minus(KEPT_AFTER_EXPIRY);
    let transaction = deps.store.begin().await?;
    let mut removed = store::session::delete_expired(&transaction, now).await?;
    removed += store::authorization_request::delete_expired(&transaction, long_expired).await?;
    removed += store::authorization_code::delete_expired(&transaction, long_expired).await?;
    removed += store::token::delete_expired(&transaction, long_expired).await?;
    removed += store::sign_in_attempt::delete_idle(&transaction, long_expired).await?;
    removed +=
        store::client::delete_unused(&transaction, now.minus(NEVER_USED_KEPT), now.minus(NO_LONGER_USED_KEPT)).await?;
    removed += store::signing_key::delete_retired(&transaction, now.minus(PUBLISHED_AFTER_RETIREMENT)).await?;
    removed += store::client_assertion::delete_expired(&transaction, now).await?;
    let old = Old {
        unfinished: now.minus(connection_log::KEPT),
        ended: now.minus(PAST_CONNECTIONS_KEPT),
        most_unfinished: MOST_UNFINISHED_KEPT,
    };
    removed += store::connection_event::delete_old(&transaction, old).await?;
    transaction.commit().await?;
    Ok(removed)
}
