//! Conditional requests (RFC 9110, section 13.1.2): whether the caller already holds what would be sent.

use http::{HeaderMap, header};

/// Compares weakly, as `If-None-Match` does; `*` matches anything.
pub fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    held(headers).any(|held| held == "*") || names(headers, etag)
}

/// Whether the caller names this very version: what it can't know without having been answered before.
pub fn names(headers: &HeaderMap, etag: &str) -> bool {
    held(headers).any(|held| opaque(held) == opaque(etag))
}

fn held(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lists = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',').map(str::trim))
}

fn opaque(etag: &str) -> &str {
    etag.strip_prefix("W/").unwrap_or(etag)
}
