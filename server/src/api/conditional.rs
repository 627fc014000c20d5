//! Conditional requests (RFC 9110, section 13.1.2): whether the caller already holds what would be sent.

use http::{HeaderMap, header};

/// Compares weakly, as `If-None-Match` does; `*` matches anything.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = etag.strip_prefix("W/").unwrap_or(etag);
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|list| {
        list.split(',').map(str::trim).any(|held| held == "*" || held.strip_prefix("W/").unwrap_or(held) == opaque)
    })
}
