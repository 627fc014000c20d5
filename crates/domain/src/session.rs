//! Signed-in browsers, and what protects their forms.

use crate::{
    clock::Timestamp,
    id::{SessionId, UserId},
    secret::{Secret, SecretHash},
};
use sha2::{Digest, Sha256};
use std::{net::IpAddr, time::Duration};
use subtle::ConstantTimeEq;

/// A browser stays signed in this long without being used.
pub const IDLE: Duration = Duration::from_secs(14 * 86_400);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// The cookie's name. `__Host-` makes a browser insist on https, no domain and the whole path (RFC 6265bis, section 4.1.3).
pub const fn cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-visage_session" } else { "visage_session" }
}

/// The name of the cookie that knows a browser before anybody has signed in.
pub const fn visit_cookie_name(is_https: bool) -> &'static str {
    if is_https { "__Host-visage_visit" } else { "visage_visit" }
}

/// A token for the forms of one session, derived from its secret, so that it needs no row.
#[derive(Debug, Clone)]
pub struct FormToken(String);

impl FormToken {
    pub fn of(session: &Secret) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"visage form token\0");
        hash.update(session.expose());
        Self(SecretHash(hash.finalize().into()).to_hex())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn matches(&self, sent: &str) -> bool {
        self.0.as_bytes().ct_eq(sent.as_bytes()).into()
    }
}

/// After `failures` wrong passwords in a row the next attempt waits: none for the first three, then 2, 4, 8 … seconds,
/// a minute at most. Only those of one [`guessing_network`] are in a row.
pub fn sign_in_delay(failures: u32) -> Duration {
    match failures {
        0..=3 => Duration::ZERO,
        more => Duration::from_secs(1 << (more - 3).min(6)).min(Duration::from_secs(60)),
    }
}

/// Whose wrong passwords for one account count together: a /24 of IPv4, a /64 of IPv6. Whoever guesses for somebody else's
/// address keeps their own network out, and nobody elsewhere.
pub fn guessing_network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            IpAddr::from([a, b, c, 0])
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_count_by_the_network_that_they_come_from() {
        let of = |text: &str| guessing_network(text.parse().unwrap()).to_string();
        assert_eq!(of("203.0.113.7"), "203.0.113.0");
        assert_eq!(of("::ffff:203.0.113.7"), "203.0.113.0");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    }

    #[test]
    fn guessing_gets_slower_and_never_locks_out_for_good() {
        let seconds: Vec<u64> = (0..15).map(|failures| sign_in_delay(failures).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60]);
    }
}
