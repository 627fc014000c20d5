//! Fetching the picture that a client calls its logo.

use crate::http::{FetchError, FetchLimits, GuardedClient};
use bytes::Bytes;
use http::StatusCode;
use std::time::Duration;

const LIMITS: FetchLimits = FetchLimits { max_bytes: 256 * 1024, timeout: Duration::from_secs(5) };

/// The bytes of a logo, whatever they are. No redirect is followed: it would show another site's picture as this one's.
///
/// # Errors
/// [`FetchError`], with [`FetchError::Status`] for any answer but 200.
pub async fn fetch(client: &GuardedClient, url: &str) -> Result<Bytes, FetchError> {
    let fetched = client.fetch(url, LIMITS).await?;
    match fetched.status {
        StatusCode::OK => Ok(fetched.body),
        status => Err(FetchError::Status(status.as_u16())),
    }
}
