//! Quotas: what a plan allows in a calendar month, and whether one more call fits.

use crate::clock::Timestamp;
use chrono::{Datelike, Months, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meter {
    /// Every metered call, photo or not.
    AvatarRequests,
    /// A profile that this workspace never looked up before.
    AvatarNewProfiles,
}

impl Meter {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AvatarRequests => "avatar_requests",
            Self::AvatarNewProfiles => "avatar_new_profiles",
        }
    }
}

/// One number per meter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    pub avatar_requests: u64,
    pub avatar_new_profiles: u64,
}

impl Units {
    pub const fn of(self, meter: Meter) -> u64 {
        match meter {
            Meter::AvatarRequests => self.avatar_requests,
            Meter::AvatarNewProfiles => self.avatar_new_profiles,
        }
    }
}

/// What a workspace pays for: two monthly limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub id: String,
    pub name: String,
    pub limits: Units,
}

/// One calendar month in UTC: `from` ≤ t < `resets_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cycle {
    pub from: Timestamp,
    pub resets_at: Timestamp,
}

impl Cycle {
    pub fn containing(now: Timestamp) -> Self {
        let date = now.to_datetime().date_naive();
        let first = date.with_day(1).unwrap_or(date);
        let next = first.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        let midnight = |date: NaiveDate| Timestamp::from(date.and_time(NaiveTime::MIN).and_utc());
        Self { from: midnight(first), resets_at: midnight(next) }
    }
}

/// Where a workspace stands in a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub plan: Plan,
    pub cycle: Cycle,
    pub used: Units,
}

/// The month's quota is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("quota exceeded for this workspace")]
pub struct QuotaExceeded {
    pub meter: Meter,
    pub limit: u64,
    pub resets_at: Timestamp,
}

/// Takes the units of one call, all of them or none. `cost` is one request and, for a profile that is new, one profile.
pub fn take(used: Units, cost: Units, limits: Units, cycle: Cycle) -> Result<Units, QuotaExceeded> {
    for meter in [Meter::AvatarRequests, Meter::AvatarNewProfiles] {
        if cost.of(meter) > 0 && used.of(meter).saturating_add(cost.of(meter)) > limits.of(meter) {
            return Err(QuotaExceeded { meter, limit: limits.of(meter), resets_at: cycle.resets_at });
        }
    }
    Ok(Units {
        avatar_requests: used.avatar_requests + cost.avatar_requests,
        avatar_new_profiles: used.avatar_new_profiles + cost.avatar_new_profiles,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        chrono::DateTime::parse_from_rfc3339(text)
            .map(|time| Timestamp::from(time.to_utc()))
            .unwrap_or(Timestamp::from_millis(0))
    }

    #[test]
    fn a_cycle_is_the_calendar_month_in_utc() {
        for (now, from, resets) in [
            ("2026-11-21T09:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            ("2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2028-02-29T12:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"),
            ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        ] {
            let cycle = Cycle::containing(at(now));
            assert_eq!((cycle.from.to_rfc3339(), cycle.resets_at.to_rfc3339()), (from.to_owned(), resets.to_owned()));
        }
    }

    #[test]
    fn a_call_takes_all_its_units_or_none() {
        let cycle = Cycle::containing(at("2026-11-21T09:00:00Z"));
        let limits = Units { avatar_requests: 2, avatar_new_profiles: 1 };
        let (known, new) = (
            Units { avatar_requests: 1, avatar_new_profiles: 0 },
            Units { avatar_requests: 1, avatar_new_profiles: 1 },
        );
        let once = take(Units::default(), new, limits, cycle).unwrap_or_default();
        assert_eq!(once, new);
        assert_eq!(take(once, new, limits, cycle).map_err(|refused| refused.meter), Err(Meter::AvatarNewProfiles));
        let twice = take(once, known, limits, cycle).unwrap_or_default();
        assert_eq!(twice.avatar_requests, 2);
        assert_eq!(take(twice, known, limits, cycle).map_err(|refused| refused.meter), Err(Meter::AvatarRequests));
    }
}
