//! `/w/{workspace}/usage`: how much is used, when, and by whom.

use domain::{clock::Timestamp, quota::Meter};
use leptos::prelude::*;
use usecases::metering::{PayerTotals, Range, UsageReport};

use super::enter;
use crate::{
    components::{
        chart::{Chart, DayCount, Unit, columns},
        frame::{PageHead, Place, WorkspaceFrame},
        meter::MeterCard,
    },
    error::PageError,
    pages::page,
    request::query,
    words,
};

#[component]
pub fn UsagePage() -> impl IntoView {
    page(Place::Usage.title(), async {
        let (deps, member, menu) = enter(Place::Usage).await?;
        let range = range_from(query("range").as_deref());
        let report =
            usecases::metering::report(&deps, &member, range).await.map_err(|error| PageError::ours(&error))?;
        let now = deps.now();
        let cycle = report.balance.cycle;
        let sentence = format!(
            "Cycle {} · resets {}",
            words::day_range(cycle.from.day(), cycle.resets_at.day() - 1),
            words::ahead(cycle.resets_at, now)
        );
        let path = Place::Usage.path(&menu.here.slug);
        let overview = Place::Overview.path(&menu.here.slug);
        Ok(view! {
            <WorkspaceFrame menu>
                <PageHead title=Place::Usage.title() sentence=sentence.into_any()>
                    <RangeSwitch path range />
                </PageHead>
                <UsageBody report range now overview />
            </WorkspaceFrame>
        }
        .into_any())
    })
}

const RANGES: [(Range, &str, &str); 4] = [
    (Range::Week, "week", "7 days"),
    (Range::Cycle, "cycle", "Cycle"),
    (Range::Quarter, "quarter", "90 days"),
    (Range::Year, "year", "12 months"),
];

fn range_from(name: Option<&str>) -> Range {
    RANGES.into_iter().find(|(_, known, _)| Some(*known) == name).map_or(Range::Cycle, |(range, _, _)| range)
}

/// Links, so that a range can be kept as a bookmark.
#[component]
fn RangeSwitch(path: String, range: Range) -> impl IntoView {
    view! {
        <nav class="segments" aria-label="Time shown">
            {RANGES
                .into_iter()
                .map(|(each, name, label)| {
                    view! {
                        <a href=format!("{path}?range={name}") aria-current=(each == range).then_some("true")>
                            {label}
                        </a>
                    }
                })
                .collect_view()}
        </nav>
    }
}

#[component]
fn UsageBody(report: UsageReport, range: Range, now: Timestamp, overview: String) -> impl IntoView {
    let unit = if range == Range::Year { Unit::Month } else { Unit::Day };
    let days: Vec<DayCount> = report
        .days
        .iter()
        .map(|day| DayCount { day: day.day, mcp: day.mcp, api: day.api, new_profiles: day.new_profiles })
        .collect();
    let columns = columns(unit, &days, report.today);
    view! {
        <div class="grid-2">
            <MeterCard balance=report.balance.clone() meter=Meter::AvatarRequests now />
            <MeterCard balance=report.balance.clone() meter=Meter::AvatarNewProfiles now />
        </div>
        <Chart columns unit />
        {if report.payers.is_empty() {
            view! {
                <section class="card empty">
                    <h2>"No app or key was used in this time"</h2>
                    <p class="muted small">"Each connected app and each key gets a row here with its first call."</p>
                    <p><a class="button" href=overview>"Connect a client"</a></p>
                </section>
            }
                .into_any()
        } else {
            view! { <Payers payers=report.payers /> }.into_any()
        }}
    }
}

/// Who took how much, most first.
#[component]
fn Payers(payers: Vec<PayerTotals>) -> impl IntoView {
    let all = payers.iter().map(|payer| payer.calls).fold(0_u64, u64::saturating_add).max(1);
    view! {
        <div class="card">
            <table class="table table-stack">
                <thead>
                    <tr>
                        <th scope="col">"Connection or key"</th>
                        <th scope="col" class="table-number">"Calls"</th>
                        <th scope="col" class="table-number">"New profiles"</th>
                        <th scope="col" class="table-bar">"Share of calls"</th>
                    </tr>
                </thead>
                <tbody>
                    {payers
                        .into_iter()
                        .map(|payer| {
                            let fill_class = match payer.door {
                                domain::usage::Door::Mcp => "series-1",
                                domain::usage::Door::Api => "series-2",
                            };
                            let share = payer.calls.saturating_mul(1000) / all;
                            view! {
                                <tr>
                                    <th scope="row" class="table-name">
                                        {payer.name}
                                        <span class="table-detail">{payer.detail}</span>
                                    </th>
                                    <td class="table-number" data-label="Calls">{words::thousands(payer.calls)}</td>
                                    <td class="table-number" data-label="New profiles">{words::thousands(payer.new_profiles)}</td>
                                    <td class="table-bar" data-label="Share of calls">
                                        <svg class="bar" role="img" aria-label=format!("{}.{} %", share / 10, share % 10)>
                                            <rect class="bar-track" width="100%" height="6" rx="3" />
                                            <rect class=fill_class width=format!("{}.{}%", share / 10, share % 10) height="6" rx="3" />
                                        </svg>
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_range_is_the_cycle() {
        assert_eq!(range_from(Some("quarter")), Range::Quarter);
        for name in [None, Some(""), Some("century")] {
            assert_eq!(range_from(name), Range::Cycle);
        }
    }
}
