//! `/connect/doctor`: the road to a connector, walked from outside, for whoever is told that it couldn't be connected.

use domain::doctor::{Finding, Leg, Report, Verdict};
use leptos::prelude::*;
use usecases::doctor::{ExamineError, examine};

use super::page;
use crate::{
    components::{
        field::{Field, sentence},
        frame::PlainFrame,
        notice::{Badge, Notice, Tone},
    },
    error::PageError,
    request::{address, deps, here, query, viewer},
    words,
};

#[component]
pub fn DoctorPage() -> impl IntoView {
    page("Check a connector", async {
        let deps = deps()?;
        let own = deps.settings.public_url.join("/mcp");
        let asked = query("url").filter(|url| !url.trim().is_empty());
        let examined = match &asked {
            Some(url) => match examine(&deps, viewer().as_ref(), address(), url).await {
                Err(ExamineError::Store(error)) => return Err(PageError::ours(&error)),
                examined => Some(examined),
            },
            None => None,
        };
        Ok(view! {
            <PlainFrame is_wide=true>
                <h1>"Check a connector"</h1>
                <p class="muted">
                    "Walks the road that an AI client walks before it signs anybody in, and says what would stop it. Nothing is changed on the way."
                </p>
                // What is no URL is told by us, with what was meant: a browser would only refuse it.
                <form class="stack" method="get" action="/connect/doctor" novalidate=true>
                    <Field
                        label="Connector URL"
                        name="url"
                        kind="url"
                        value=asked.unwrap_or(own)
                        hint="As it is pasted into Claude, ChatGPT or another client. Other servers than this one must be public."
                    />
                    <div class="actions"><button class="button button-primary" type="submit">"Check"</button></div>
                </form>
                {examined.map(|examined| match examined {
                    Ok(report) => view! { <Examined report /> }.into_any(),
                    Err(error) => view! { <Refused error /> }.into_any(),
                })}
            </PlainFrame>
        }
        .into_any())
    })
}

#[component]
fn Refused(error: ExamineError) -> impl IntoView {
    let way_in = matches!(error, ExamineError::SignedOut)
        .then(|| view! { <p><a class="button button-small" href=here().behind("/sign-in")>"Sign in"</a></p> });
    view! {
        <Notice tone=Tone::Bad>
            <p>{sentence(&error.to_string())}</p>
            {way_in}
        </Notice>
    }
}

#[component]
fn Examined(report: Report) -> impl IntoView {
    let (faults, warnings) = (report.count(Verdict::Fail), report.count(Verdict::Warn));
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let (tone, told) = match (faults, warnings) {
        (0, 0) => (Tone::Good, "Apps can connect: every step is as it should be.".to_owned()),
        (0, warnings) => {
            (Tone::Warn, format!("Apps can connect. {} below.", words::counted(count(warnings), "remark")))
        }
        (faults, _) => {
            (Tone::Bad, format!("Apps would not get through: {} on the way.", words::counted(count(faults), "fault")))
        }
    };
    let legs = Leg::ALL.map(|leg| view! { <Walked leg report=report.clone() /> });
    view! {
        <Notice tone><p>{told}</p></Notice>
        <ol class="legs">{legs.into_iter().collect_view()}</ol>
    }
}

#[component]
fn Walked(leg: Leg, report: Report) -> impl IntoView {
    let (tone, word) = match report.verdict_on(leg) {
        Some(Verdict::Pass) => (Tone::Good, "Well"),
        Some(Verdict::Warn) => (Tone::Warn, "Remark"),
        Some(Verdict::Fail) => (Tone::Bad, "Fault"),
        None => (Tone::Plain, "Not reached"),
    };
    let findings = report.on(leg).cloned().map(|finding| view! { <Found finding /> }).collect_view();
    view! {
        <li class="leg">
            <div class="leg-head"><h2>{leg.title()}</h2> <Badge tone text=word /></div>
            <p class="faint small">{leg.question()}</p>
            <ul class="findings">{findings}</ul>
        </li>
    }
}

#[component]
fn Found(finding: Finding) -> impl IntoView {
    let class = match finding.verdict {
        Verdict::Pass => "finding finding-pass",
        Verdict::Warn => "finding finding-warn",
        Verdict::Fail => "finding finding-fail",
    };
    view! {
        <li class=class>
            <p class="small">{finding.what}</p>
            {finding.fix.map(|fix| view! { <p class="small muted"><b>"What to do: "</b> {fix}</p> })}
        </li>
    }
}
