//! Sweeping out what has expired.

use crate::{Deps, client::LOGO_ASKED_AGAIN_AFTER, connection_log, notice};
use domain::oauth::signing::PUBLISHED_AFTER_RETIREMENT;
use std::time::Duration;
use store::{StoreError, Transaction, client::Unused, connection_event::Old};

/// Spent codes and expired tokens stay on file for a day, so that a replay is still seen for what it is.
const KEPT_AFTER_EXPIRY: Duration = Duration::from_secs(86_400);

/// Whoever answers a request too late is told so by the diary for that long. Anybody may ask, so no longer.
const REQUEST_KEPT: Duration = Duration::from_secs(3_600);

/// A registration that nobody ever authorized.
const NEVER_USED_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Such registrations, whatever their age: a flood of them must not fill the disk.
const MOST_NEVER_USED_KEPT: u64 = 10_000;

/// A client whose last connection ended.
const NO_LONGER_USED_KEPT: Duration = Duration::from_secs(90 * 86_400);

/// The diary of a connection after its end, and of faults of one that goes on.
const PAST_CONNECTIONS_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Steps that came to no connection, whatever their age: a flood of them must not fill the disk.
const MOST_UNFINISHED_KEPT: u64 = 50_000;

/// Rows removed. Each table is swept in a transaction of its own: SQLite has one writer, and whoever else writes waits for it.
pub async fn sweep(deps: &Deps) -> Result<u64, StoreError> {
    deps.pace.forget_silent();
    let now = deps.now();
    let long_expired = now.minus(KEPT_AFTER_EXPIRY);
    let old = Old {
        unfinished: now.minus(connection_log::KEPT),
        ended: now.minus(PAST_CONNECTIONS_KEPT),
        most_unfinished: MOST_UNFINISHED_KEPT,
    };
    let unused = Unused {
        never_used: now.minus(NEVER_USED_KEPT),
        no_longer_used: now.minus(NO_LONGER_USED_KEPT),
        most_never_used: MOST_NEVER_USED_KEPT,
    };
    let unanswered = now.minus(REQUEST_KEPT);
    let asked_long_ago = now.minus(LOGO_ASKED_AGAIN_AFTER);
    let forgotten = now.minus(notice::REMEMBERED_FOR);
    let retired = now.minus(PUBLISHED_AFTER_RETIREMENT);
    let mut removed = alone(deps, async |rows| store::session::delete_expired(rows, now).await).await?;
    removed += alone(deps, async |rows| store::authorization_request::delete_expired(rows, unanswered).await).await?;
    removed += alone(deps, async |rows| store::authorization_code::delete_expired(rows, long_expired).await).await?;
    removed += alone(deps, async |rows| store::token::delete_expired(rows, long_expired).await).await?;
    removed += alone(deps, async |rows| store::sign_in_attempt::delete_idle(rows, long_expired).await).await?;
    removed += alone(deps, async |rows| store::client::delete_unused(rows, unused).await).await?;
    removed += alone(deps, async |rows| store::client_logo::delete_unnamed(rows, asked_long_ago).await).await?;
    removed += alone(deps, async |rows| store::signing_key::delete_retired(rows, retired).await).await?;
    removed += alone(deps, async |rows| store::client_assertion::delete_expired(rows, now).await).await?;
    removed += alone(deps, async |rows| store::connection_event::delete_old(rows, old).await).await?;
    removed += alone(deps, async |rows| store::notice::delete_old(rows, forgotten).await).await?;
    Ok(removed)
}

/// Runs one part of the sweep in a transaction of its own.
async fn alone(
    deps: &Deps,
    part: impl AsyncFnOnce(&Transaction) -> Result<u64, StoreError>,
) -> Result<u64, StoreError> {
    let transaction = deps.store.begin().await?;
    let removed = part(&transaction).await?;
    transaction.commit().await?;
    Ok(removed)
}
