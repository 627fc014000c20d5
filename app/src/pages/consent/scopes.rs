//! What the client learns, and whether it stays connected: required scopes are locked on, optional ones toggle off.

use domain::oauth::scope::{Scope, ScopeSet};
use leptos::prelude::*;

#[component]
pub fn Scopes(offered: ScopeSet, ticked: ScopeSet) -> impl IntoView {
    // Staying connected tells nothing about the person.
    let (lasting, learned) = offered.iter().partition(|scope| *scope == Scope::OfflineAccess);
    view! {
        <ScopeList title="What it learns about you" id="learns" scopes=learned ticked />
        <ScopeList title="While you are away" id="away" scopes=lasting ticked />
    }
}

#[component]
fn ScopeList(title: &'static str, id: &'static str, scopes: Vec<Scope>, ticked: ScopeSet) -> impl IntoView {
    (!scopes.is_empty()).then(|| {
        view! {
            <section class="consent-part">
                <h2 id=id>{title}</h2>
                <ul class="scopes" aria-labelledby=id>
                    {scopes.into_iter().map(|scope| view! { <ScopeChoice scope is_ticked=scope.is_required() || ticked.contains(scope) /> }).collect_view()}
                </ul>
            </section>
        }
    })
}

/// The whole row toggles; its name is the scope's, and the meaning describes it. A disabled checkbox is not sent, so a
/// required scope goes along hidden.
#[component]
fn ScopeChoice(scope: Scope, is_ticked: bool) -> impl IntoView {
    let (name_id, meaning_id) = (format!("scope-{}", scope.as_str()), format!("meaning-{}", scope.as_str()));
    view! {
        <li>
            <label class="scope-choice">
                <input
                    type="checkbox"
                    name="scope"
                    value=scope.as_str()
                    checked=is_ticked
                    disabled=scope.is_required()
                    aria-labelledby=name_id.clone()
                    aria-describedby=meaning_id.clone()
                />
                <span class="scope-meaning" id=meaning_id>{scope.meaning()}</span>
                {scope.is_required().then(|| view! { <span class="badge">"required"</span> })}
                <code class="scope-name" id=name_id>{scope.as_str()}</code>
            </label>
            {scope.is_required().then(|| view! { <input type="hidden" name="scope" value=scope.as_str() /> })}
        </li>
    }
}
