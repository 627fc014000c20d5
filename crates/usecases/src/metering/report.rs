//! The usage page: how much, when, and by whom.

use crate::{Deps, workspace::Member};
use domain::{
    clock::Timestamp,
    quota::{Balance, Cycle},
    usage::{Door, Payer},
};
use std::collections::BTreeMap;
use store::{StoreError, usage::DayCount};

/// The span of a report, ending today (or with the cycle).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    Week,
    Cycle,
    Quarter,
    Year,
}

#[derive(Debug, Clone)]
pub struct UsageReport {
    pub balance: Balance,
    pub today: i64,
    /// One entry for every day of the span, counted from 1970-01-01, also those still to come.
    pub days: Vec<DayTotals>,
    /// Most calls first.
    pub payers: Vec<PayerTotals>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DayTotals {
    pub day: i64,
    pub mcp: u64,
    pub api: u64,
    pub new_profiles: u64,
}

#[derive(Debug, Clone)]
pub struct PayerTotals {
    /// The client's or key's name.
    pub name: String,
    /// Who connected it, or how the key begins.
    pub detail: String,
    pub door: Door,
    pub calls: u64,
    pub new_profiles: u64,
}

pub async fn report(deps: &Deps, member: &Member, range: Range) -> Result<UsageReport, StoreError> {
    let now = deps.now();
    let cycle = Cycle::containing(now);
    let (from, to) = span(range, now, cycle);
    let workspace = member.workspace.id;
    let counts = store::usage::by_day(&deps.store, workspace, from, to).await?;
    let mut payers = Vec::new();
    for count in store::usage::by_payer(&deps.store, workspace, from, to).await? {
        let (name, detail) = describe(deps, member, count.payer).await?;
        let door = count.payer.door();
        payers.push(PayerTotals { name, detail, door, calls: count.calls, new_profiles: count.new_profiles });
    }
    payers.sort_by(|one, other| other.calls.cmp(&one.calls).then_with(|| one.name.cmp(&other.name)));
    Ok(UsageReport {
        balance: store::quota::balance(&deps.store, workspace, cycle).await?,
        today: now.day(),
        days: fill(from, to, &counts),
        payers,
    })
}

/// First and last day, both included. A year is this month and the eleven before it, each whole.
fn span(range: Range, now: Timestamp, cycle: Cycle) -> (i64, i64) {
    let today = now.day();
    match range {
        Range::Week => (today - 6, today),
        Range::Cycle => (cycle.from.day(), cycle.resets_at.day() - 1),
        Range::Quarter => (today - 89, today),
        Range::Year => {
            let first =
                (0..11).fold(cycle, |month, _| Cycle::containing(Timestamp::from_millis(month.from.as_millis() - 1)));
            (first.from.day(), today)
        }
    }
}

fn fill(from: i64, to: i64, counts: &[DayCount]) -> Vec<DayTotals> {
    let mut days: BTreeMap<i64, DayTotals> =
        (from..=to).map(|day| (day, DayTotals { day, ..DayTotals::default() })).collect();
    for count in counts {
        let Some(totals) = days.get_mut(&count.day) else { continue };
        match count.door {
            Door::Mcp => totals.mcp += count.calls,
            Door::Api => totals.api += count.calls,
        }
        totals.new_profiles += count.new_profiles;
    }
    days.into_values().collect()
}

async fn describe(deps: &Deps, member: &Member, payer: Payer) -> Result<(String, String), StoreError> {
    let gone = || ("Removed".to_owned(), String::new());
    Ok(match payer {
        Payer::Key(id) => {
            let key = store::api_key::find(&deps.store, member.workspace.id, id).await?;
            key.map_or_else(gone, |key| (key.name, format!("{}…", key.hint)))
        }
        Payer::Grant(id) => {
            let Some(grant) = store::grant::find(&deps.store, id).await? else { return Ok(gone()) };
            let client = store::client::find(&deps.store, &grant.client).await?;
            let user = match grant.subject.user() {
                Some(user) => store::user::find(&deps.store, user).await?,
                None => None,
            };
            let name = client.map_or_else(|| "Removed app".to_owned(), |client| client.name);
            (name, user.map(|user| user.name).unwrap_or_default())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_the_span_is_there_once() {
        let now = Timestamp::from_millis(1_795_253_000_000);
        for range in [Range::Week, Range::Cycle, Range::Quarter, Range::Year] {
            let (from, to) = span(range, now, Cycle::containing(now));
            assert!(from <= now.day() && now.day() <= to);
            let days = fill(from, to, &[DayCount { day: now.day(), door: Door::Api, calls: 3, new_profiles: 1 }]);
            assert_eq!(days.len() as i64, to - from + 1);
            assert_eq!(days.iter().map(|day| day.api).sum::<u64>(), 3);
        }
    }

    #[test]
    fn a_year_begins_with_the_month_after_this_one_a_year_ago() {
        // 2026-11-21: 1 December 2025 is day 20,423.
        let now = Timestamp::from_millis(1_795_253_000_000);
        assert_eq!(span(Range::Year, now, Cycle::containing(now)), (20_423, now.day()));
    }
}
