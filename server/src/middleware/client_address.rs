//! Where a request came from, for counting callers. Never logged and never stored.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderName};
use std::net::IpAddr;
pub use usecases::pace::ClientAddress;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of the connection, as the accept loop saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The caller is the peer, or whom a proxy of ours speaks for. Handlers find it among the request's extensions.
pub async fn find_client_address(mut request: Request, next: Next) -> Response {
    if let Some(Peer(peer)) = request.extensions().get().copied() {
        let address = caller(peer, request.headers());
        request.extensions_mut().insert(ClientAddress(address));
    }
    next.run(request).await
}

/// A proxy stands on this machine or in our own network, so only such a peer is believed. It adds whom it saw at the end of
/// `X-Forwarded-For`: the last address is the caller, private or not, whatever was written before it. To look past a private
/// one would let a neighbour who sits behind the proxy name whomever they like.
fn caller(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_ours(peer) {
        return peer;
    }
    let values = headers.get_all(X_FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    let last = values.flat_map(|value| value.split(',')).last().and_then(|text| text.trim().parse::<IpAddr>().ok());
    last.map_or(peer, |address| address.to_canonical())
}

fn is_ours(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller_of(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(X_FORWARDED_FOR, value.parse().unwrap());
        }
        caller(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_proxy_of_ours_is_believed_and_nobody_else() {
        for (peer, forwarded, expected) in [
            ("203.0.113.7", vec![], "203.0.113.7"),
            ("203.0.113.7", vec!["198.51.100.1"], "203.0.113.7"),
            ("127.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.2", vec!["192.168.1.50"], "192.168.1.50"),
            ("::ffff:127.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("fd00::1", vec!["2001:db8::9"], "2001:db8::9"),
            ("127.0.0.1", vec![], "127.0.0.1"),
        ] {
            assert_eq!(caller_of(peer, &forwarded), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn what_a_caller_writes_before_the_proxys_word_changes_nothing() {
        assert_eq!(caller_of("127.0.0.1", &["1.2.3.4, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(caller_of("127.0.0.1", &["1.2.3.4", "198.51.100.1"]), "198.51.100.1");
        assert_eq!(caller_of("127.0.0.1", &["1.2.3.4, nonsense"]), "127.0.0.1");
        assert_eq!(
            caller_of("10.0.0.2", &["198.51.100.1, 192.168.1.50"]),
            "192.168.1.50",
            "a neighbour behind the proxy"
        );
    }
}
