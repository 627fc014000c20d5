//! How fast one caller may go. Counted in memory, for this process: what has to be exact is counted in rows.

mod failures;

use domain::{
    clock::{Clock, Timestamp},
    id::{ApiKeyId, GrantId, UserId},
    settings::RateLimits,
};
use failures::Failures;
use governor::{NotUntil, Quota, RateLimiter, middleware::NoOpMiddleware, state::keyed::DashMapStateStore};
use std::{hash::Hash, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

/// Cheap to clone; clones count together.
#[derive(Clone)]
pub struct Pace {
    registrations: Option<Arc<Limiter<IpAddr>>>,
    authorizations: Option<Arc<Limiter<IpAddr>>>,
    tool_calls: Option<Arc<Limiter<GrantId>>>,
    images: Option<Arc<Limiter<ApiKeyId>>>,
    sign_ins: Option<Arc<Limiter<IpAddr>>>,
    sign_ups: Option<Arc<Limiter<IpAddr>>>,
    walks: Option<Arc<Limiter<UserId>>>,
    walks_of_strangers: Option<Arc<Limiter<IpAddr>>>,
    failures: Arc<Failures>,
}

/// How often a minute one network may sign in, and as often up: a whole office in the morning, and not enough to keep the
/// hashing of passwords to itself.
const PASSWORDS: u32 = 60;

/// How often a minute one person may send the doctor anywhere, or one network of strangers to this server.
const WALKS: u32 = 6;

/// Where a request comes from, as the door found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

type Limiter<K> = RateLimiter<K, DashMapStateStore<K>, HouseClock, NoOpMiddleware<Duration>>;

/// Come back later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests: wait {} s and try again", self.seconds())]
pub struct TooFast {
    pub retry_after: Duration,
}

impl TooFast {
    /// For `Retry-After` (RFC 9110, section 10.2.3): whole seconds, at least one.
    pub fn seconds(self) -> u64 {
        let whole = self.retry_after.as_secs();
        if self.retry_after.subsec_nanos() > 0 { whole + 1 } else { whole.max(1) }
    }
}

impl Pace {
    pub fn new(limits: RateLimits, clock: &Arc<dyn Clock>) -> Self {
        Self {
            registrations: limiter(limits.registrations, clock),
            authorizations: limiter(limits.authorizations, clock),
            tool_calls: limiter(limits.tool_calls, clock),
            images: limiter(limits.images, clock),
            sign_ins: limiter(PASSWORDS, clock),
            sign_ups: limiter(PASSWORDS, clock),
            walks: limiter(WALKS, clock),
            walks_of_strangers: limiter(WALKS, clock),
            failures: Arc::new(Failures::new(clock)),
        }
    }

    pub fn registration(&self, from: IpAddr) -> Result<(), TooFast> {
        check(self.registrations.as_deref(), &network(from))
    }

    /// Each request is a row until somebody answers it or it is swept out.
    pub fn authorization(&self, from: IpAddr) -> Result<(), TooFast> {
        check(self.authorizations.as_deref(), &network(from))
    }

    pub fn sign_in(&self, from: IpAddr) -> Result<(), TooFast> {
        check(self.sign_ins.as_deref(), &network(from))
    }

    pub fn sign_up(&self, from: IpAddr) -> Result<(), TooFast> {
        check(self.sign_ups.as_deref(), &network(from))
    }

    pub fn tool_call(&self, grant: GrantId) -> Result<(), TooFast> {
        check(self.tool_calls.as_deref(), &grant)
    }

    pub fn image(&self, key: ApiKeyId) -> Result<(), TooFast> {
        check(self.images.as_deref(), &key)
    }

    pub fn walk(&self, user: UserId) -> Result<(), TooFast> {
        check(self.walks.as_deref(), &user)
    }

    pub fn walk_of_stranger(&self, from: IpAddr) -> Result<(), TooFast> {
        check(self.walks_of_strangers.as_deref(), &network(from))
    }

    /// Whether one more mistake at the token endpoints would be too many from there. Asking costs nothing.
    pub fn failing(&self, from: IpAddr) -> Result<(), TooFast> {
        self.failures.check(network(from))
    }

    /// Counts a request for which there was no reason.
    pub fn failed(&self, from: IpAddr) {
        self.failures.count(network(from));
    }

    /// Forgets callers that have been silent for long enough to start afresh.
    pub(crate) fn forget_silent(&self) {
        let of_networks =
            [&self.registrations, &self.authorizations, &self.sign_ins, &self.sign_ups, &self.walks_of_strangers];
        for limiter in of_networks.into_iter().flatten() {
            limiter.retain_recent();
        }
        self.failures.forget_silent();
        if let Some(limiter) = &self.tool_calls {
            limiter.retain_recent();
        }
        if let Some(limiter) = &self.images {
            limiter.retain_recent();
        }
        if let Some(limiter) = &self.walks {
            limiter.retain_recent();
        }
    }
}

/// Whoever has an IPv6 address has a whole network of them, so the network is counted.
fn network(of: IpAddr) -> IpAddr {
    match of.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

fn limiter<K: Hash + Eq + Clone>(a_minute: u32, clock: &Arc<dyn Clock>) -> Option<Arc<Limiter<K>>> {
    let quota = Quota::per_minute(NonZeroU32::new(a_minute)?);
    let clock = HouseClock(Arc::clone(clock));
    Some(Arc::new(RateLimiter::new(quota, DashMapStateStore::default(), clock)))
}

fn check<K: Hash + Eq + Clone>(limiter: Option<&Limiter<K>>, key: &K) -> Result<(), TooFast> {
    let Some(limiter) = limiter else { return Ok(()) };
    let now = governor::clock::Clock::now(limiter.clock());
    limiter.check_key(key).map_err(|until: NotUntil<Duration>| TooFast { retry_after: until.wait_time_from(now) })
}

/// The house's clock, as governor reads one: time since 1970.
#[derive(Clone)]
struct HouseClock(Arc<dyn Clock>);

impl governor::clock::Clock for HouseClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.now().since(Timestamp::from_millis(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::FixedClock;

    fn pace(registrations: u32) -> (Pace, FixedClock) {
        let clock = FixedClock::default();
        let limits = RateLimits { registrations, ..RateLimits::default() };
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        (Pace::new(limits, &shared), clock)
    }

    #[test]
    fn a_burst_passes_and_then_one_by_one() {
        let (pace, clock) = pace(60);
        let from: IpAddr = [203, 0, 113, 7].into();
        for _ in 0..60 {
            assert_eq!(pace.registration(from), Ok(()));
        }
        let too_fast = pace.registration(from).unwrap_err();
        assert_eq!(too_fast.seconds(), 1);
        assert_eq!(pace.registration([203, 0, 113, 8].into()), Ok(()), "another address has its own count");
        clock.advance(Duration::from_secs(1));
        assert_eq!(pace.registration(from), Ok(()));
        assert!(pace.registration(from).is_err());
    }

    #[test]
    fn one_network_of_ipv6_is_one_caller() {
        let (pace, _) = pace(1);
        assert_eq!(pace.registration("2001:db8:1:2::1".parse().unwrap()), Ok(()));
        assert!(pace.registration("2001:db8:1:2:ffff::9".parse().unwrap()).is_err());
        assert_eq!(pace.registration("2001:db8:1:3::1".parse().unwrap()), Ok(()));
        assert_eq!(pace.registration("::ffff:203.0.113.7".parse().unwrap()), Ok(()));
        assert!(pace.registration([203, 0, 113, 7].into()).is_err());
    }

    #[test]
    fn questions_and_registrations_are_counted_apart() {
        let (pace, _) = pace(1);
        let from: IpAddr = "2001:db8:1:2::1".parse().unwrap();
        for _ in 0..300 {
            assert_eq!(pace.authorization(from), Ok(()));
        }
        assert!(pace.authorization("2001:db8:1:2:ffff::9".parse().unwrap()).is_err(), "the same network");
        assert_eq!(pace.authorization("2001:db8:1:3::1".parse().unwrap()), Ok(()));
        assert_eq!(pace.registration(from), Ok(()));
    }

    #[test]
    fn nought_is_no_limit() {
        let (pace, _) = pace(0);
        assert!((0..10_000).all(|_| pace.registration([203, 0, 113, 7].into()).is_ok()));
    }
}
