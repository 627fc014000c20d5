//! Ending something: the button opens what will stop working, and asks once more in the same place.

use leptos::prelude::*;

use super::notice::{Notice, Tone};
use crate::one_shot::Revoked;

/// Works without a script. The first `Revoke` becomes `Keep`, and the one that acts appears below it.
#[component]
pub fn Revoke(
    /// Where the form goes.
    action: &'static str,
    form_token: String,
    workspace: String,
    id: String,
    /// What it is about, for screen readers: the name of an app or a key.
    about: String,
    /// What will stop working, and when.
    consequence: String,
) -> impl IntoView {
    view! {
        <details class="confirm">
            // Chromium tells assistive technology of a disclosure; what it does is what a button does.
            <summary class="button button-small button-danger" role="button" aria-description=about>
                <span class="confirm-closed">"Revoke"</span>
                <span class="confirm-open">"Keep"</span>
            </summary>
            <form class="confirm-panel" method="post" action=action>
                <input type="hidden" name="form_token" value=form_token />
                <input type="hidden" name="workspace" value=workspace />
                <input type="hidden" name="id" value=id />
                <p class="small">{consequence}</p>
                <button class="button button-small button-danger-filled" type="submit">"Revoke"</button>
            </form>
        </details>
    }
}

/// On the page that comes next: what was ended, and from when on.
#[component]
pub fn WasRevoked(revoked: Option<Revoked>) -> impl IntoView {
    revoked.map(|Revoked { name }| {
        view! { <Notice tone=Tone::Good><p>{format!("Revoked {name}. Its next request is refused.")}</p></Notice> }
    })
}
