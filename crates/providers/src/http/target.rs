//! Whether a URL may be fetched at all, told from its text alone.

use super::{FetchError, NetworkPolicy};
use crate::address::{SpecialUse, special_use};
use std::net::IpAddr;
use url::{Host, Url};

/// In bytes.
const LONGEST_URL: usize = 2_048;

/// Names that public DNS does not answer for, or that mean something else inside a network (RFC 6761, 6762, 8375, 9476; ICANN).
const RESERVED_ZONES: [&str; 16] = [
    "alt",
    "arpa",
    "corp",
    "example",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
];

/// Reads a URL strictly and refuses every one that does not name a public https server.
pub(super) fn vet(text: &str, policy: NetworkPolicy) -> Result<Url, FetchError> {
    let authority = authority(text)?;
    let url = Url::parse(text).map_err(|_| FetchError::NotAUrl)?;
    if url.scheme() != "https" && policy == NetworkPolicy::Public {
        return Err(FetchError::Scheme);
    }
    if authority.contains('@') || !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::Userinfo);
    }
    match url.host() {
        Some(Host::Ipv4(address)) => vet_literal(IpAddr::V4(address), policy)?,
        Some(Host::Ipv6(address)) => vet_literal(IpAddr::V6(address), policy)?,
        Some(Host::Domain(name)) => vet_name(name, policy)?,
        None => return Err(FetchError::NotAUrl),
    }
    if url.port().is_some() && policy == NetworkPolicy::Public {
        return Err(FetchError::Port);
    }
    Ok(url)
}

/// Refuses an address that no request may go to under this policy.
pub(super) fn vet_address(address: IpAddr, policy: NetworkPolicy) -> Result<(), FetchError> {
    match special_use(address) {
        None => Ok(()),
        Some(SpecialUse::Loopback) if policy == NetworkPolicy::AllowLoopback => Ok(()),
        Some(special) => Err(FetchError::ForbiddenAddress(special)),
    }
}

/// The authority as written. A browser's parser repairs backslashes, missing slashes, white space and full-width letters; two
/// parsers that repair differently are how a guard is passed, so all of that is refused.
fn authority(text: &str) -> Result<&str, FetchError> {
    if text.len() > LONGEST_URL || text.chars().any(|character| character.is_control() || character.is_whitespace()) {
        return Err(FetchError::NotAUrl);
    }
    if text.contains('\\') {
        return Err(FetchError::NotAUrl);
    }
    let (scheme, rest) = text.split_once("://").ok_or(FetchError::NotAUrl)?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(FetchError::Scheme);
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(FetchError::NotAUrl);
    }
    if !authority.is_ascii() || (authority.contains('%') && !authority.contains('@')) {
        return Err(FetchError::Host);
    }
    Ok(authority)
}

/// No public server is addressed by number: certificates name hosts.
fn vet_literal(address: IpAddr, policy: NetworkPolicy) -> Result<(), FetchError> {
    vet_address(address, policy)?;
    if special_use(address).is_none() { Err(FetchError::Host) } else { Ok(()) }
}

fn vet_name(name: &str, policy: NetworkPolicy) -> Result<(), FetchError> {
    if policy == NetworkPolicy::AllowLoopback {
        return Ok(());
    }
    match name.rsplit_once('.') {
        Some((_, zone)) if !zone.is_empty() && !RESERVED_ZONES.contains(&zone) => Ok(()),
        _ => Err(FetchError::Host),
    }
}
