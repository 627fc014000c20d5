//! Where a request came from, so that two of them can be told to be the same app's, and nothing more can be told from it.

use sha2::{Digest, Sha256};
use std::{fmt, net::IpAddr};

/// The network that an address belongs to, as hosted clients have one: /24, or /48 of IPv6. None where no address is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(Option<IpAddr>);

impl Network {
    pub fn of(address: Option<IpAddr>) -> Self {
        Self(address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => {
                let [first, second, third, _] = address.octets();
                IpAddr::from([first, second, third, 0])
            }
            IpAddr::V6(address) => {
                let [first, second, third, ..] = address.segments();
                IpAddr::from([first, second, third, 0, 0, 0, 0, 0])
            }
        }))
    }
}

/// Half of a SHA-256 over a key, a network prefix and a user agent. Without the key nobody can try addresses against it, and
/// the key never leaves the memory of the process that drew it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source(pub [u8; 16]);

/// Drawn at random when the server starts, kept in memory alone.
#[derive(Clone)]
pub struct SourceKey(pub [u8; 32]);

impl fmt::Debug for SourceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SourceKey")
    }
}

impl Source {
    /// Hosted clients call from several addresses of one network, so the network counts.
    pub fn of(key: &SourceKey, network: Network, user_agent: &str) -> Self {
        // Only half of the hash is kept: nobody can lengthen what they don't have whole.
        let mut hash = Sha256::new_with_prefix(key.0);
        match network.0 {
            None => hash.update([0]),
            Some(IpAddr::V4(network)) => {
                hash.update([4]);
                hash.update(network.octets());
            }
            Some(IpAddr::V6(network)) => {
                hash.update([6]);
                hash.update(network.octets());
            }
        }
        hash.update(user_agent.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        Self(half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(key: u8, address: &str, user_agent: &str) -> Source {
        Source::of(&SourceKey([key; 32]), Network::of(address.parse().ok()), user_agent)
    }

    #[test]
    fn a_source_is_a_network_and_a_program() {
        let one = source(1, "160.79.104.10", "Claude-User");
        for (other, is_same) in [
            (source(1, "160.79.104.11", "Claude-User"), true),
            (source(1, "::ffff:160.79.104.12", "Claude-User"), true),
            (source(1, "160.79.105.10", "Claude-User"), false),
            (source(1, "160.79.104.10", "python-httpx/0.28"), false),
            (source(1, "", "Claude-User"), false),
            (source(2, "160.79.104.10", "Claude-User"), false),
        ] {
            assert_eq!(one == other, is_same, "{other:?}");
        }
        assert_eq!(source(1, "2001:db8:1::1", "x"), source(1, "2001:db8:1:ffff::2", "x"));
        assert_ne!(source(1, "2001:db8:1::1", "x"), source(1, "2001:db8:2::1", "x"));
    }
}
