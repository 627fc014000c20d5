//! Fetching a person's photo from the address that a file or a provider gave.

use crate::http::{FetchError, FetchLimits, GuardedClient};
use bytes::Bytes;
use http::StatusCode;
use std::time::Duration;

const LIMITS: FetchLimits = FetchLimits { max_bytes: 10 << 20, timeout: Duration::from_secs(10) };
const REDIRECTS: u8 = 3;

/// The bytes of a photo: at most 10 MiB within 10 s, over at most 3 redirects.
///
/// Picture servers label files wrongly (`binary/octet-stream`), so the content type is not looked at: whoever decodes the
/// bytes tells by them what they are.
///
/// # Errors
/// [`FetchError`], with [`FetchError::Status`] for any answer but 200.
pub async fn fetch(client: &GuardedClient, url: &str) -> Result<Bytes, FetchError> {
    let fetched = client.fetch_following(url, LIMITS, REDIRECTS).await?;
    match fetched.status {
        StatusCode::OK => Ok(fetched.body),
        status => Err(FetchError::Status(status.as_u16())),
    }
}
