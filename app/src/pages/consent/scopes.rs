//! What the client learns: required scopes are locked on, optional ones toggle off.

use domain::oauth::scope::{Scope, ScopeSet};
use leptos::prelude::*;

#[component]
pub fn Scopes(offered: ScopeSet) -> impl IntoView {
    view! {
        <section class="consent-part">
            <h2 id="scopes-title">"What it learns about you"</h2>
            <ul class="scopes" aria-labelledby="scopes-title">
                {offered.iter().map(|scope| view! { <ScopeChoice scope /> }).collect_view()}
            </ul>
        </section>
    }
}

/// A disabled checkbox is not sent, so a required scope goes along hidden.
#[component]
fn ScopeChoice(scope: Scope) -> impl IntoView {
    let (id, meaning_id) = (format!("scope-{}", scope.as_str()), format!("meaning-{}", scope.as_str()));
    let required = scope.is_required().then_some(", required");
    view! {
        <li class="scope-choice">
            <input
                type="checkbox"
                id=id.clone()
                name="scope"
                value=scope.as_str()
                checked=true
                disabled=scope.is_required()
                aria-describedby=meaning_id.clone()
            />
            {scope.is_required().then(|| view! { <input type="hidden" name="scope" value=scope.as_str() /> })}
            <label for=id><code>{scope.as_str()}</code></label>
            <span class="muted small" id=meaning_id>{scope.meaning()} {required}</span>
        </li>
    }
}
