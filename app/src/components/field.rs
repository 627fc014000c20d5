//! A labelled field that keeps what was typed and says what is wrong with it.

use leptos::prelude::*;

#[component]
pub fn Field(
    label: &'static str,
    name: &'static str,
    /// The input's type: `text`, `email`, `password`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What browsers and password managers fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    #[prop(into, optional)] value: String,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    fault: Option<String>,
    /// What to know before typing.
    #[prop(optional)]
    hint: &'static str,
    #[prop(default = true)] is_required: bool,
    #[prop(optional)] is_focused: bool,
) -> impl IntoView {
    let (id, hint_id, fault_id) = (format!("field-{name}"), format!("hint-{name}"), format!("fault-{name}"));
    let described_by = match (&fault, hint.is_empty()) {
        (Some(_), true) => Some(fault_id.clone()),
        (Some(_), false) => Some(format!("{fault_id} {hint_id}")),
        (None, false) => Some(hint_id.clone()),
        (None, true) => None,
    };
    // A page with a fault begins at the field at fault.
    let is_focused = is_focused || fault.is_some();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="input"
                id=id
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                required=is_required
                autofocus=is_focused
                aria-invalid=fault.is_some().then_some("true")
                aria-describedby=described_by
            />
            {fault.map(|fault| view! { <p class="field-fault" id=fault_id>{sentence(&fault)}</p> })}
            {(!hint.is_empty()).then(|| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
}

/// A field of several lines, one thing on each.
#[component]
pub fn Lines(
    label: &'static str,
    name: &'static str,
    #[prop(into, optional)] value: String,
    #[prop(optional_no_strip)] fault: Option<String>,
    hint: &'static str,
) -> impl IntoView {
    let (id, hint_id, fault_id) = (format!("field-{name}"), format!("hint-{name}"), format!("fault-{name}"));
    let described_by = if fault.is_some() { format!("{fault_id} {hint_id}") } else { hint_id.clone() };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea
                class="input input-lines"
                id=id
                name=name
                rows="3"
                required=true
                spellcheck="false"
                autocapitalize="off"
                autofocus=fault.is_some()
                aria-invalid=fault.is_some().then_some("true")
                aria-describedby=described_by
            >
                {value}
            </textarea>
            {fault.map(|fault| view! { <p class="field-fault" id=fault_id>{sentence(&fault)}</p> })}
            <p class="field-hint" id=hint_id>{hint}</p>
        </div>
    }
}

/// The domain's messages begin small, as parts of a sentence; on a page they stand alone.
pub fn sentence(message: &str) -> String {
    domain::text::sentence(message)
}
