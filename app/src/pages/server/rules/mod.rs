//! `/server/rules`: which apps may connect, by where they send people and by what they call themselves.

mod ahead;
mod change;
mod table;

use domain::oauth::client_policy::{Effect, RuleSubject};
use leptos::prelude::*;
use usecases::client_policy::PolicyAtWork;

use super::{enter, open_form, told};
use crate::{
    components::{
        confirm::WasDone,
        field::sentence as as_sentence,
        frame::{PageHead, ServerFrame, ServerPlace},
        notice::{Notice, Tone},
    },
    error::PageError,
    one_shot::{Done, Refusal},
    pages::page,
    words,
};
use ahead::{Ahead, DefaultForm, RuleForm, Typed};
use table::RuleTable;

const FORM: &str = "rules";

#[component]
pub fn RulesPage() -> impl IntoView {
    page(ServerPlace::Rules.title(), async {
        let (deps, viewer, operator) = enter()?;
        let at_work = usecases::client_policy::at_work(&deps, &operator).await;
        let at_work = at_work.map_err(|error| PageError::ours(&error))?;
        let typed = Typed::asked_for();
        let change = typed.change();
        let foreseen = match &change {
            Some(Ok(change)) => {
                let foreseen = usecases::client_policy::foresee(&deps, &operator, change.clone()).await;
                Some(foreseen.map_err(|error| PageError::ours(&error))?)
            }
            _ => None,
        };
        let fault = change.as_ref().and_then(|change| change.as_ref().err()).map(ToString::to_string);
        let refusal = Refusal::take(&deps, FORM);
        let done = Done::take(&deps, ServerPlace::Rules.path());
        let form_token = viewer.form_token.as_str().to_owned();
        let default = at_work.default;
        let ahead = change.and_then(Result::ok).zip(foreseen);
        let ahead = ahead.map(|(change, foreseen)| view! { <Ahead change foreseen form_token=form_token.clone() /> });
        Ok(view! {
            <ServerFrame place=ServerPlace::Rules viewer>
                <PageHead title=ServerPlace::Rules.title() sentence=sentence(&at_work).into_any() />
                <WasDone done />
                {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{as_sentence(&fault)}</p></Notice> })}
                {ahead}
                <Order />
                <RuleTable at_work form_token />
                <RuleForm typed=typed.clone() fault />
                <DefaultForm typed default />
            </ServerFrame>
        }
        .into_any())
    })
}

fn sentence(at_work: &PolicyAtWork) -> String {
    let rules = u64::try_from(at_work.rules.len()).unwrap_or(u64::MAX);
    let rest = match at_work.default {
        Effect::Allow => "Apps that no rule fits may be authorized by anybody.",
        Effect::Ask => "Apps that no rule fits wait for your approval.",
        Effect::Block => "Apps that no rule fits are blocked.",
    };
    match rules {
        0 => rest.to_owned(),
        _ => format!(
            "{}: a decision about one app goes first, then the strictest rule that fits it. {rest}",
            words::counted(rules, "rule")
        ),
    }
}

/// Which rule counts where several fit.
#[component]
fn Order() -> impl IntoView {
    view! {
        <details class="twin">
            <summary>"Which rule counts"</summary>
            <ol class="steps">
                <li>"What was decided about one app alone goes before everything else."</li>
                <li>"Of the rules for hosts and names that fit, the strictest counts: block, then ask, then allow."</li>
                <li>"An app is blocked or asked for if any of its addresses fits, and allowed by hosts only if each of them does, or the host of its document."</li>
                <li>"An app that an operator added waits for nobody: only a block counts."</li>
                <li>"Where no rule fits, what holds for all others counts."</li>
            </ol>
            <p class="small muted">"A name is what an app calls itself, and anybody may call themselves anything: block by name, allow by host."</p>
        </details>
    }
}

/// As a sentence says whom a rule is about.
fn subject_words(subject: &RuleSubject) -> AnyView {
    match subject {
        RuleSubject::Host(pattern) => view! { "apps at " <code>{pattern.to_string()}</code> }.into_any(),
        RuleSubject::Name(pattern) => view! { "apps named " <code>{pattern.to_string()}</code> }.into_any(),
        RuleSubject::Client(id) => view! { "the app " <code>{id.to_string()}</code> }.into_any(),
    }
}

/// What holds for the apps that a rule is about.
const fn holds(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "Allowed",
        Effect::Ask => "Wait for approval",
        Effect::Block => "Blocked",
    }
}

const fn effect_word(effect: Effect) -> (Tone, &'static str) {
    match effect {
        Effect::Allow => (Tone::Good, "Allow"),
        Effect::Ask => (Tone::Warn, "Ask"),
        Effect::Block => (Tone::Bad, "Block"),
    }
}
