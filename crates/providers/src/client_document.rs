//! The document that a `client_id` is the address of, fetched but not read.

use crate::http::{FetchError, FetchLimits, Fetched, GuardedClient};
use std::time::Duration;

/// Real documents have a tenth of this. Somebody is waiting for a page meanwhile.
const LIMITS: FetchLimits = FetchLimits { max_bytes: 16 * 1024, timeout: Duration::from_secs(5) };

/// Fetches a document. Its address is its identity, so no redirect is followed.
///
/// # Errors
/// As [`GuardedClient::fetch_json`].
pub async fn fetch(client: &GuardedClient, url: &str) -> Result<Fetched, FetchError> {
    client.fetch_json(url, LIMITS).await
}
