//! `/server/attempts`: apps on their way to a connection, and where they got stuck.

use domain::{
    clock::Timestamp,
    connection::{Line, Mismatch, State},
};
use leptos::prelude::*;
use usecases::{
    client_policy::Wanted,
    connection_log::{Sighting, list_all, list_troubled},
};

use super::{clients::address, enter};
use crate::{
    components::{
        frame::{PageHead, ServerFrame, ServerPlace},
        moment::Moment,
        notice::{Badge, Notice, Tone},
        road::{Road, Told},
    },
    error::PageError,
    pages::page,
    request::query,
    words,
};

/// What may be looked at, as the address names it and the page.
const SHOWN: [(&str, &str); 2] = [("", "Failed and open"), ("all", "All")];

#[component]
pub fn AttemptsPage() -> impl IntoView {
    page(ServerPlace::Attempts.title(), async {
        let (deps, viewer, operator) = enter()?;
        let is_all = query("show").as_deref() == Some("all");
        let attempts = if is_all { list_all(&deps, &operator).await } else { list_troubled(&deps, &operator).await };
        let attempts = attempts.map_err(|error| PageError::ours(&error))?;
        let left_out = deps.connections.left_out();
        Ok(view! {
            <ServerFrame place=ServerPlace::Attempts viewer>
                <p class="small"><a href=ServerPlace::Clients.path()>"← " {ServerPlace::Clients.title()}</a></p>
                <PageHead
                    title=ServerPlace::Attempts.title()
                    sentence="Apps on their way to a connection in the last seven days, the latest first. Open one to see its steps.".into_any()
                >
                    <a class="button button-small" href="/connect/doctor">"Check the connector"</a>
                </PageHead>
                <Shown is_all />
                {(left_out > 0).then(|| view! { <LeftOut left_out /> })}
                {if attempts.is_empty() {
                    view! { <Nothing is_all /> }.into_any()
                } else {
                    view! { <Attempts attempts now=deps.now() /> }.into_any()
                }}
            </ServerFrame>
        }
        .into_any())
    })
}

#[component]
fn Shown(is_all: bool) -> impl IntoView {
    let links = SHOWN.map(|(name, label)| {
        let path = ServerPlace::Attempts.path();
        let href = if name.is_empty() { path.to_owned() } else { format!("{path}?show={name}") };
        let is_current = is_all != name.is_empty();
        view! { <a href=href aria-current=is_current.then_some("true")>{label}</a> }
    });
    view! { <div><nav class="segments" aria-label="Shown">{links.into_iter().collect_view()}</nav></div> }
}

#[component]
fn LeftOut(left_out: u64) -> impl IntoView {
    view! {
        <Notice tone=Tone::Warn>
            <p class="small">
                {words::counted(left_out, "step")}
                " were left out since the start, because more came than is written down. What is missing here may be among them."
            </p>
        </Notice>
    }
}

#[component]
fn Nothing(is_all: bool) -> impl IntoView {
    let title = if is_all { "No app has come by yet" } else { "No app is stuck" };
    view! {
        <section class="card empty">
            <h2>{title}</h2>
            <p class="muted small">
                "When somebody says that an app couldn’t connect, look here: each attempt tells what the app asked, what would have been right, and who can mend it."
            </p>
        </section>
    }
}

#[component]
fn Attempts(attempts: Vec<Sighting>, now: Timestamp) -> impl IntoView {
    let rows = attempts.into_iter().map(|attempt| view! { <li><Attempt attempt now /></li> });
    view! { <ul class="card attempts">{rows.collect_view()}</ul> }
}

#[component]
fn Attempt(attempt: Sighting, now: Timestamp) -> impl IntoView {
    let also = other_faults(&attempt.state, &attempt.lines);
    let way = way_to_client(&attempt);
    let Sighting { client_name, claimed_name, is_unproven, person, state, last_at, lines, .. } = attempt;
    let is_only_claimed = is_unproven || (client_name.is_none() && claimed_name.is_some());
    let name = client_name.or(claimed_name).unwrap_or_else(|| {
        if is_unproven { "An app that is not known here" } else { "An app without a name" }.to_owned()
    });
    let (tone, text) = standing(&state);
    view! {
        <details class="attempt">
            <summary>
                <span class="attempt-name">
                    {name} {is_only_claimed.then(|| view! { <span class="attempt-detail">"only claimed"</span> })}
                </span>
                <span>
                    <Badge tone text />
                    {(!also.is_empty())
                        .then(|| view! { <span class="attempt-detail">"also: " {also.join(", ")}</span> })}
                </span>
                <span class="attempt-person faint small">{person}</span>
                <span class="faint small num"><Moment then=last_at now /></span>
            </summary>
            <div class="attempt-steps">
                <Beforehand state />
                {way.map(|(href, words)| view! { <p class="small"><a href=href>{words}</a></p> })}
                <Road lines only_seen=is_unproven />
            </div>
        </details>
    }
}

/// What no step tells: nobody sees what does not come, and what became of a refusal was decided elsewhere.
#[component]
fn Beforehand(state: State) -> impl IntoView {
    match state {
        State::Failed(mismatch) if mismatch.is_silence() => view! { <Told mismatch /> }.into_any(),
        State::LetIn => view! {
            <p class="small">"This app may connect now. " <b>"What to do: "</b> "Have the person connect again."</p>
        }
        .into_any(),
        State::Connected | State::UnderWay | State::SilentCheck | State::Failed(_) => ().into_any(),
    }
}

/// How an attempt stands.
fn standing(state: &State) -> (Tone, &'static str) {
    match state {
        State::Connected => (Tone::Good, "Connected"),
        State::UnderWay => (Tone::Warn, "Under way"),
        State::LetIn => (Tone::Warn, "Allowed since"),
        State::SilentCheck => (Tone::Plain, "A silent check"),
        // Somebody ended it, and the app has found out.
        State::Failed(mismatch @ Mismatch::Revoked) => (Tone::Plain, mismatch.title()),
        State::Failed(mismatch) => (Tone::Bad, mismatch.title()),
    }
}

/// What else failed on the way, by name, so that no fault hides behind another one.
fn other_faults(state: &State, lines: &[Line]) -> Vec<&'static str> {
    let (_, heading) = standing(state);
    // That the app was refused is over.
    let is_over = |mismatch: &Mismatch| *state == State::LetIn && mismatch.is_refusal();
    let mut titles = Vec::new();
    for mismatch in lines.iter().filter_map(|line| line.outcome.mismatch()) {
        let title = mismatch.title();
        if title != heading && !mismatch.is_ordinary() && !is_over(mismatch) && !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles
}

/// To the app in the list of clients, where it is in there.
fn way_to_client(attempt: &Sighting) -> Option<(String, &'static str)> {
    let client = attempt.client.as_ref().filter(|_| attempt.client_standing.is_some())?;
    let words = match &attempt.state {
        State::Failed(Mismatch::BlockedClient | Mismatch::ApprovalNeeded) => {
            "Decide about this app in the list of clients"
        }
        _ if attempt.is_unproven => "The app of that name in the list of clients",
        _ => "This app in the list of clients",
    };
    Some((address(&Wanted { text: client.to_string(), standing: None }, 1), words))
}
