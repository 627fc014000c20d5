//! Sweeping out what has expired.

use crate::Deps;
use domain::oauth::signing::PUBLISHED_AFTER_RETIREMENT;
use std::time::Duration;
use store::StoreError;

/// Spent codes and expired tokens stay on file for a day, so that a replay is still seen for what it is.
const KEPT_AFTER_EXPIRY: Duration = Duration::from_secs(86_400);

/// A registration that nobody ever authorized.
const NEVER_USED_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// A client whose last connection ended.
const NO_LONGER_USED_KEPT: Duration = Duration::from_secs(90 * 86_400);

/// Rows removed.
pub async fn sweep(deps: &Deps) -> Result<u64, StoreError> {
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
    transaction.commit().await?;
    Ok(removed)
}
