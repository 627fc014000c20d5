//! How much of the diary anybody may fill: so much a minute from one network, and so much from all together. Strangers take
//! nothing from what is noted of people and their connections, nor those who name no app from what is noted of apps.

use domain::{clock::Timestamp, connection::Network};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

const OF_ONE_NETWORK: u32 = 60;
const OF_ALL: u32 = 1_200;
/// Of people who are signed in, and of grants.
const OF_KNOWN: u32 = 1_200;

/// Counts minute by minute. Holds no more networks than it lets events in.
#[derive(Default)]
pub(super) struct Limit(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    number: i64,
    known: u32,
    apps: Share,
    nobody: Share,
}

/// What strangers of one kind have taken.
#[derive(Default)]
struct Share {
    all: u32,
    of: HashMap<Network, u32>,
}

/// Of whom a stranger's step tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// A client that is registered here.
    App,
    Nobody,
}

impl Limit {
    /// Whether one more of somebody who is known may be written down.
    pub(super) fn lets_known_in(&self, now: Timestamp) -> bool {
        let mut minute = self.minute(now);
        let is_let_in = minute.known < OF_KNOWN;
        minute.known += u32::from(is_let_in);
        is_let_in
    }

    /// Whether one more of a stranger may be written down. The program that calls does not count: its name is whatever it
    /// likes. What has no network was let in by a door that knows who it is.
    pub(super) fn lets_in(&self, about: About, network: Option<Network>, now: Timestamp) -> bool {
        let mut minute = self.minute(now);
        let share = match about {
            About::App => &mut minute.apps,
            About::Nobody => &mut minute.nobody,
        };
        share.lets_in(network)
    }

    /// A count is whole after every line above, whatever became of its holder.
    fn minute(&self, now: Timestamp) -> MutexGuard<'_, Minute> {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.as_millis().div_euclid(60_000);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        minute
    }
}

impl Share {
    fn lets_in(&mut self, network: Option<Network>) -> bool {
        if self.all >= OF_ALL {
            return false;
        }
        if let Some(network) = network {
            let of_network = self.of.entry(network).or_default();
            if *of_network >= OF_ONE_NETWORK {
                return false;
            }
            *of_network += 1;
        }
        self.all += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn let_in(limit: &Limit, network: u8, times: u32, now: Timestamp) -> usize {
        let network = Network::of(Some([203, 0, network, 7].into()));
        (0..times).filter(|_| limit.lets_in(About::Nobody, Some(network), now)).count()
    }

    #[test]
    fn one_network_fills_its_own_share_and_no_other_one() {
        let (limit, now) = (Limit::default(), Timestamp::from_millis(0));
        assert_eq!(let_in(&limit, 1, 100, now), 60);
        assert_eq!(let_in(&limit, 2, 10, now), 10);
        assert_eq!(let_in(&limit, 1, 100, now.plus(Duration::from_secs(60))), 60);
    }

    #[test]
    fn many_networks_together_have_a_limit_too() {
        let (limit, now) = (Limit::default(), Timestamp::from_millis(0));
        let total: usize = (0..=255).map(|network| let_in(&limit, network, 60, now)).sum();
        assert_eq!(total, 1_200);
        assert!(!limit.lets_in(About::Nobody, None, now));
        assert!(limit.lets_known_in(now), "whoever is known has a share of their own");
        assert!(limit.lets_in(About::App, None, now), "so do apps that are registered");
        assert!(limit.lets_in(About::Nobody, None, now.plus(Duration::from_secs(60))));
    }
}
