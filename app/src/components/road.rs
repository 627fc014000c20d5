//! The road of one connection: each step with its time, what was seen, and what was the matter.

use domain::{
    clock::Timestamp,
    connection::{Advice, Line, Mismatch, Outcome, Step},
};
use leptos::prelude::*;

use super::notice::{Badge, Tone};
use crate::words;

/// The whole road, the steps included that never came; or `only_seen`, where what happened was a step on nobody's road.
#[component]
pub fn Road(lines: Vec<Line>, #[prop(optional)] only_seen: bool) -> impl IntoView {
    let furthest = lines.iter().map(|line| line.step).max();
    let of_step = |step: Step| lines.iter().filter(|line| line.step == step).cloned().collect::<Vec<_>>();
    let steps = Step::ALL.map(|step| {
        let lines = of_step(step);
        if lines.is_empty() && only_seen {
            ().into_any()
        } else if lines.is_empty() {
            let is_passed_by = furthest.is_some_and(|furthest| step < furthest);
            view! { <NotSeen step is_passed_by /> }.into_any()
        } else {
            lines.into_iter().map(|line| view! { <Seen line /> }).collect_view().into_any()
        }
    });
    view! { <ol class="road">{steps.into_iter().collect_view()}</ol> }
}

#[component]
fn Seen(line: Line) -> impl IntoView {
    let Line { step, outcome, at, last_at, count } = line;
    let (class, is_failed) = match &outcome {
        Outcome::Passed => ("road-step road-passed", false),
        Outcome::Failed(mismatch) if mismatch.is_ordinary() => ("road-step", true),
        Outcome::Failed(_) => ("road-step road-failed", true),
    };
    let told = match outcome {
        Outcome::Passed => view! { <p class="small muted">{step.passed()}</p> }.into_any(),
        Outcome::Failed(mismatch) => view! { <Told mismatch /> }.into_any(),
    };
    view! {
        <li class=class>
            <div class="road-head">
                <b>{step.label()}</b>
                <Instant time=at />
                // What went well more than once is no news.
                {(is_failed && count > 1)
                    .then(|| {
                        view! {
                            <span class="faint small">
                                {words::counted(count.into(), "time")} ", last " <Instant time=last_at />
                            </span>
                        }
                    })}
            </div>
            {told}
        </li>
    }
}

#[component]
fn NotSeen(step: Step, is_passed_by: bool) -> impl IntoView {
    let told = if is_passed_by {
        "Not seen here: the app went on without it, or did it earlier."
    } else {
        "The app did not come this far."
    };
    view! {
        <li class="road-step road-missing">
            <div class="road-head"><b>{step.label()}</b></div>
            <p class="small faint">{told}</p>
        </li>
    }
}

/// A mismatch: its name, what happened, what to do and who does it.
#[component]
pub fn Told(mismatch: Mismatch) -> impl IntoView {
    let title = mismatch.title();
    let is_fault = !mismatch.is_ordinary();
    let tone = if is_fault { Tone::Bad } else { Tone::Plain };
    let Advice { what, remedy, by } = mismatch.advice();
    view! {
        <div class="told">
            <p><Badge tone text=title /></p>
            <p class="small">{what}</p>
            <p class="small"><b>"What to do: "</b> {remedy}</p>
            {is_fault.then(|| view! { <p class="small faint">"Mended by " {by.label()} "."</p> })}
        </div>
    }
}

/// To the second: what counts in a road is how far its steps lie apart.
#[component]
fn Instant(time: Timestamp) -> impl IntoView {
    view! {
        <time class="faint small num" datetime=time.to_rfc3339() title=words::exact(time)>
            {words::to_the_second(time)}
        </time>
    }
}
