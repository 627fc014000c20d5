//! One of several answers, with a word on what it means.

use leptos::prelude::*;

/// Its name is what stands within.
#[component]
pub fn Choice(
    /// The field's name, which the answers to one question share.
    group: &'static str,
    value: &'static str,
    text: &'static str,
    is_chosen: bool,
    children: Children,
) -> impl IntoView {
    let name_id = format!("{group}-{value}");
    let text_id = format!("{group}-{value}-text");
    view! {
        <label class="choice">
            <input
                type="radio"
                name=group
                value=value
                checked=is_chosen
                aria-labelledby=name_id.clone()
                aria-describedby=text_id.clone()
            />
            <span class="choice-text">
                <span class="choice-name" id=name_id>{children()}</span>
                <span class="muted small" id=text_id>{text}</span>
            </span>
        </label>
    }
}
