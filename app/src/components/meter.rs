//! How much of a month's quota is used, and when it runs out.

use domain::{
    clock::Timestamp,
    quota::{Balance, Cycle, Meter},
};
use leptos::prelude::*;

use super::notice::{Badge, Tone};
use crate::words;

/// One meter as a card: the number, a bar, one sentence about the rest of the month.
#[component]
pub fn MeterCard(balance: Balance, meter: Meter, now: Timestamp) -> impl IntoView {
    let (used, limit) = (balance.used.of(meter), balance.plan.limits.of(meter));
    let outlook = outlook(used, limit, balance.cycle, now);
    let share = share(used, limit);
    let fill_class = match outlook {
        Outlook::Spent => "bar-fill bar-fill-spent",
        _ if share >= 80.0 => "bar-fill bar-fill-warn",
        _ => "bar-fill",
    };
    let reset_day = words::day_and_month(balance.cycle.resets_at.day());
    let what = match meter {
        Meter::AvatarRequests => "Calls",
        Meter::AvatarNewProfiles => "New profiles",
    };
    let resets = words::ahead(balance.cycle.resets_at, now);
    view! {
        <section class="card stat">
            <h2>{what} " " <code class="faint">{meter.as_str()}</code></h2>
            <p>
                <b class="stat-number">{words::thousands(used)}</b>
                " "
                <span class="muted num">"of " {words::thousands(limit)}</span>
            </p>
            <svg class="bar" role="img" aria-label=format!("{share:.0} % used")>
                <rect class="bar-track" width="100%" height="6" rx="3" />
                <rect class=fill_class width=format!("{share:.1}%") height="6" rx="3" />
            </svg>
            <p class="small muted stat-outlook">
                {match outlook {
                    Outlook::Spent => {
                        view! {
                            <Badge tone=Tone::Bad text="Quota spent" />
                            " "
                            {what_stops(meter, &reset_day)}
                        }
                            .into_any()
                    }
                    Outlook::RunsOut { day } => {
                        view! {
                            <Badge tone=Tone::Warn text=format!("{share:.0} % used") />
                            " "
                            {format!("runs out about {}", words::day_and_month(day))}
                        }
                            .into_any()
                    }
                    Outlook::Lasts { by_reset } => {
                        format!("At this pace {} by {reset_day}", words::thousands(by_reset)).into_any()
                    }
                    Outlook::Early => format!("Resets {resets}").into_any(),
                }}
            </p>
        </section>
    }
}

/// What a spent meter means for people. Whoever was looked up this month costs no new profile again.
fn what_stops(meter: Meter, reset_day: &str) -> String {
    match meter {
        Meter::AvatarRequests => format!("Calls are refused until {reset_day}"),
        Meter::AvatarNewProfiles => {
            format!("No new profiles until {reset_day}; people already looked up still work")
        }
    }
}

/// What the rest of the cycle will bring if it goes on like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// Nothing used, or less than a day gone: too early to say.
    Early,
    Lasts {
        by_reset: u64,
    },
    RunsOut {
        day: i64,
    },
    Spent,
}

/// Draws the line from the cycle's first moment through now.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate, shown rounded"
)]
pub fn outlook(used: u64, limit: u64, cycle: Cycle, now: Timestamp) -> Outlook {
    if used >= limit {
        return Outlook::Spent;
    }
    let gone = now.since(cycle.from).as_secs_f64();
    let whole = cycle.resets_at.since(cycle.from).as_secs_f64();
    if used == 0 || gone < 86_400.0 {
        return Outlook::Early;
    }
    let by_reset = used as f64 * whole / gone;
    if by_reset < limit as f64 {
        return Outlook::Lasts { by_reset: round_to_three_digits(by_reset as u64).max(used) };
    }
    let millis_until_spent = gone * 1000.0 * limit as f64 / used as f64;
    Outlook::RunsOut { day: Timestamp::from_millis(cycle.from.as_millis() + millis_until_spent as i64).day() }
}

/// An estimate is no count: three digits of it stay, `13,703` → `13,700`.
fn round_to_three_digits(number: u64) -> u64 {
    let step = 10_u64.pow(number.checked_ilog10().unwrap_or(0).saturating_sub(2));
    number / step * step
}

/// Percent used, 0 to 100.
#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn share(used: u64, limit: u64) -> f64 {
    if limit == 0 { 100.0 } else { (used as f64 * 100.0 / limit as f64).min(100.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-01T00:00:00Z
    const FIRST: i64 = 1_793_491_200_000;

    fn day(number: i64) -> Timestamp {
        Timestamp::from_millis(FIRST + (number - 1) * 86_400_000)
    }

    fn seen_on(number: i64, used: u64, limit: u64) -> Outlook {
        outlook(used, limit, Cycle::containing(day(1)), day(number))
    }

    #[test]
    fn the_pace_so_far_is_carried_on_to_the_reset() {
        assert_eq!(seen_on(16, 5_000, 20_000), Outlook::Lasts { by_reset: 10_000 });
        assert_eq!(seen_on(16, 1, 20_000), Outlook::Lasts { by_reset: 2 });
    }

    #[test]
    fn a_pace_that_is_too_fast_names_the_day() {
        assert_eq!(seen_on(16, 500, 600), Outlook::RunsOut { day: day(19).day() });
    }

    #[test]
    fn a_spent_meter_says_what_stops_and_what_does_not() {
        assert_eq!(what_stops(Meter::AvatarRequests, "1 December"), "Calls are refused until 1 December");
        assert!(what_stops(Meter::AvatarNewProfiles, "1 December").contains("already looked up still work"));
    }

    #[test]
    fn nothing_is_said_too_early_or_too_late() {
        assert_eq!(seen_on(1, 50, 600), Outlook::Early);
        assert_eq!(seen_on(20, 0, 600), Outlook::Early);
        assert_eq!(seen_on(20, 600, 600), Outlook::Spent);
        assert_eq!(seen_on(20, 0, 0), Outlook::Spent);
    }
}
