//! A month of usage, as it would have been written: rows, daily sums, seen profiles, and the current month's counter.

use super::{DemoError, apps::Habit, chance::Chance, people};
use crate::Deps;
use domain::{
    clock::Timestamp,
    id::UsageEventId,
    linkedin_url::VanityName,
    quota::{Cycle, Units},
    usage::{Outcome, Payer, UsageEvent},
    workspace::Workspace,
};
use std::{collections::HashSet, time::Duration};

const DAYS: u64 = 30;
/// People that were looked up and that nobody in the directory is.
const STRANGERS: u64 = 260;

pub async fn go_by(deps: &Deps, workspace: &Workspace, habits: &[Habit]) -> Result<(), DemoError> {
    let now = deps.now();
    let cycle = Cycle::containing(now);
    let events = events(deps, workspace, habits, now);
    let mut seen: HashSet<VanityName> = HashSet::new();
    let mut used = Units::default();
    let mut counted = Vec::with_capacity(events.len());
    for event in events {
        let is_new = seen.insert(event.vanity.clone());
        if event.at >= cycle.from {
            used.avatar_requests += 1;
            used.avatar_new_profiles += u64::from(is_new);
        }
        counted.push((event, is_new));
    }
    let names: Vec<VanityName> = seen.into_iter().collect();
    let transaction = deps.store.begin().await?;
    store::usage::append(&transaction, &counted).await?;
    store::quota::lock(&transaction, workspace.id, cycle).await?;
    store::quota::save(&transaction, workspace.id, cycle, used).await?;
    store::quota::mark_seen(&transaction, workspace.id, &names, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// Busy working days, quiet weekends, a little more every week, nothing later than now.
fn events(deps: &Deps, workspace: &Workspace, habits: &[Habit], now: Timestamp) -> Vec<UsageEvent> {
    let mut chance = Chance::new(1843);
    let mut events = Vec::new();
    for ago in (0..DAYS).rev() {
        let day = now.day() - i64::try_from(ago).unwrap_or(0);
        // 1970-01-01 was a Thursday.
        let is_weekend = matches!((day + 4).rem_euclid(7), 0 | 6);
        for habit in habits {
            let usual = habit.calls_a_day * (70 + (DAYS - ago) * 2) / 100;
            let calls = if is_weekend { usual / 5 } else { usual * (60 + chance.below(80)) / 100 };
            for _ in 0..calls {
                // Between seven in the morning and seven in the evening, UTC.
                let second = 7 * 3_600 + chance.below(12 * 3_600);
                let at = Timestamp::from_millis(day * 86_400_000).plus(Duration::from_secs(second));
                if let (true, Some((vanity, outcome))) = (at < now, person(&mut chance)) {
                    events.push(UsageEvent {
                        id: UsageEventId::generate(at, &*deps.entropy),
                        at,
                        workspace: workspace.id,
                        payer: habit.payer,
                        operation: operation(habit.payer, &mut chance),
                        vanity,
                        outcome,
                    });
                }
            }
        }
    }
    events.sort_by_key(|event| event.at);
    events
}

fn person(chance: &mut Chance) -> Option<(VanityName, Outcome)> {
    if chance.below(100) < 82 {
        let known = &people::ALL[usize::try_from(chance.below(people::ALL.len() as u64)).unwrap_or(0)];
        let outcome = if known.has_portrait() { Outcome::Found } else { Outcome::Missing };
        return Some((VanityName::parse_username(known.vanity).ok()?, outcome));
    }
    let stranger = format!("visitor-{}", chance.below(STRANGERS) + 100);
    Some((VanityName::parse_username(&stranger).ok()?, Outcome::Missing))
}

const fn operation(payer: Payer, chance: &mut Chance) -> &'static str {
    match payer {
        Payer::Key(_) => "avatar",
        Payer::Grant(_) if chance.below(3) == 0 => "get_profile",
        Payer::Grant(_) => "get_profile_avatar",
    }
}
