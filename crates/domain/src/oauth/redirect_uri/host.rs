//! Where an address leads: to this machine, to a private network, or to a place that everybody can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

pub(super) fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Domain(domain)) => domain == "localhost",
            Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
            Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
            None => false,
        }
}

/// A name whose labels are well-formed, or an address that is not of a private network.
pub(super) fn has_public_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(domain)) => {
            let labels = domain.strip_suffix('.').unwrap_or(domain).split('.');
            labels.into_iter().all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        }
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        None => false,
    }
}

/// An address of IPv4 inside one of IPv6 leads to the same place.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => !(address.is_private() || address.is_link_local() || address.is_unspecified()),
        IpAddr::V6(address) => {
            !(address.is_unique_local() || address.is_unicast_link_local() || address.is_unspecified())
        }
    }
}

/// The three loopback hosts, spelled as requests are matched with them.
const LOOPBACK_HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Whether the host is one of the three, spelled exactly so.
pub(super) fn is_loopback_to_the_letter(uri: &str) -> bool {
    let host_and_rest = |host: &str| uri.strip_prefix("http://").and_then(|tail| tail.strip_prefix(host));
    let is_whole = |rest: &str| rest.is_empty() || rest.starts_with([':', '/', '?']);
    LOOPBACK_HOSTS.into_iter().any(|host| host_and_rest(host).is_some_and(is_whole))
}

/// Splits `http://HOST[:PORT]REST` for the three loopback hosts, spelled exactly so, into host and rest.
pub(super) fn loopback_parts(uri: &str) -> Option<(&str, &str)> {
    let tail = uri.strip_prefix("http://")?;
    let host = LOOPBACK_HOSTS.into_iter().find(|host| tail.starts_with(host))?;
    let after = &tail[host.len()..];
    let rest = match after.strip_prefix(':') {
        Some(port_and_rest) => {
            let digits = port_and_rest.bytes().take_while(u8::is_ascii_digit).count();
            let port = port_and_rest[..digits].parse::<u16>().ok()?;
            if port == 0 || port_and_rest.starts_with('0') {
                return None;
            }
            &port_and_rest[digits..]
        }
        None => after,
    };
    (rest.is_empty() || rest.starts_with(['/', '?'])).then_some((host, rest))
}
