//! Text to be copied: a field that selects as a whole, a button where scripts run.

use leptos::prelude::*;

use crate::islands::CopyButton;

/// One line, with a label.
#[component]
pub fn CopyField(label: &'static str, name: &'static str, #[prop(into)] value: String) -> impl IntoView {
    let id = format!("copy-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="copy-row">
                <input class="input input-code" id=id readonly=true value=value.clone() />
                <CopyButton text=value about=label.to_owned() />
            </div>
        </div>
    }
}

/// A command, with its button beside it.
#[component]
pub fn Snippet(about: &'static str, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <div class="snippet-row">
            <pre class="snippet"><code>{text.clone()}</code></pre>
            <CopyButton text about=about.to_owned() />
        </div>
    }
}
