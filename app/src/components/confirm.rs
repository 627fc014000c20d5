//! What is asked once more before it is done: the button opens what will come of it, in the same place.

use leptos::prelude::*;

use super::notice::{Notice, Tone};
use crate::one_shot::{Done, Revoked};

/// Works without a script. The button becomes the way back, and the one that acts appears below it.
#[component]
pub fn Confirm(
    /// Where the form goes.
    action: &'static str,
    /// What it sends along.
    fields: Vec<(&'static str, String)>,
    /// What the button says, and does.
    label: &'static str,
    /// What it says while open.
    back: &'static str,
    /// What it is about, for screen readers: the name of an app or a key.
    about: String,
    /// What will stop working, and when; or what will begin to.
    consequence: String,
    /// Nothing stops working.
    #[prop(optional)]
    is_calm: bool,
) -> impl IntoView {
    let (opens, acts, panel) = if is_calm {
        ("", "button-primary", "confirm-panel-calm")
    } else {
        ("button-danger", "button-danger-filled", "")
    };
    view! {
        <details class="confirm">
            // Chromium tells assistive technology of a disclosure; what it does is what a button does.
            <summary class=format!("button button-small {opens}") role="button" aria-description=about>
                <span class="confirm-closed">{label}</span>
                <span class="confirm-open">{back}</span>
            </summary>
            <form class=format!("confirm-panel {panel}") method="post" action=action>
                <Hidden fields />
                <p class="small">{consequence}</p>
                <button class=format!("button button-small {acts}") type="submit">{label}</button>
            </form>
        </details>
    }
}

/// Ends a connection or a key.
#[component]
pub fn Revoke(
    action: &'static str,
    form_token: String,
    workspace: String,
    id: String,
    about: String,
    consequence: String,
) -> impl IntoView {
    let fields = vec![("form_token", form_token), ("workspace", workspace), ("id", id)];
    view! { <Confirm action fields label="Revoke" back="Keep" about consequence /> }
}

/// A form's fields that nobody sees.
#[component]
pub fn Hidden(fields: Vec<(&'static str, String)>) -> impl IntoView {
    fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

/// On the page that comes next: what was ended, and from when on.
#[component]
pub fn WasRevoked(revoked: Option<Revoked>) -> impl IntoView {
    revoked.map(|Revoked { name }| {
        view! { <Notice tone=Tone::Good><p>{format!("Revoked {name}. Its next request is refused.")}</p></Notice> }
    })
}

/// On the page that comes next: what was done.
#[component]
pub fn WasDone(done: Option<Done>) -> impl IntoView {
    done.map(|Done { sentence }| view! { <Notice tone=Tone::Good><p>{sentence}</p></Notice> })
}
