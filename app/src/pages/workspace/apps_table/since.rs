//! When each connection of an app was made, told so that no two read alike, and which of a person's is the newest.

use std::collections::HashMap;

use domain::{clock::Timestamp, id::GrantId};
use usecases::grant::AppConnections;

use crate::words;

/// The times of one app's connections.
#[derive(Debug, Clone, Default)]
pub struct Since(HashMap<GrantId, Made>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// `21 Nov, 20:54 UTC`, with the seconds where another one would read the same.
    pub told: String,
    /// Whether its person has older ones beside it.
    pub is_newest: bool,
}

impl Since {
    pub fn of(app: &AppConnections, now: Timestamp) -> Self {
        let times = app.connections().map(|connection| (connection.grant.id, connection.grant.created_at));
        let mut made = told_apart(times.collect(), now);
        for person in app.people.iter().filter(|person| person.connections.len() > 1) {
            let newest = person.connections.first().and_then(|newest| made.get_mut(&newest.grant.id));
            if let Some(newest) = newest {
                newest.is_newest = true;
            }
        }
        Self(made)
    }

    pub fn made(&self, id: GrantId) -> Made {
        self.0.get(&id).cloned().unwrap_or_default()
    }
}

fn told_apart(times: Vec<(GrantId, Timestamp)>, now: Timestamp) -> HashMap<GrantId, Made> {
    let mut alike: HashMap<String, usize> = HashMap::new();
    for (_, time) in &times {
        *alike.entry(words::to_the_minute(*time, now)).or_default() += 1;
    }
    let told = |time| {
        let to_the_minute = words::to_the_minute(time, now);
        let is_alone = alike.get(&to_the_minute).is_none_or(|count| *count == 1);
        if is_alone { to_the_minute } else { words::with_seconds(time, now) }
    };
    times.into_iter().map(|(id, time)| (id, Made { told: told(time), is_newest: false })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_told_where_two_would_read_alike() {
        let now = Timestamp::from_millis(1_795_254_060_000);
        let ids =
            [1, 2, 3].map(|number| format!("00000000-0000-7000-8000-00000000000{number}").parse::<GrantId>().unwrap());
        let ago = [0, 7, 180].map(|seconds| Timestamp::from_millis(now.as_millis() + 30_000 - seconds * 1_000));
        let told = told_apart(ids.into_iter().zip(ago).collect(), now);
        let told = ids.map(|id| told[&id].told.as_str());
        assert_eq!(told, ["21 Nov, 09:41:30 UTC", "21 Nov, 09:41:23 UTC", "21 Nov, 09:38 UTC"]);
    }
}
