//! Copies a text and says so. Without a script the button stays hidden: the text beside it can be selected.

use leptos::prelude::*;

/// A button named `Copy`. `text` is what it copies, `about` what a screen reader hears behind the name.
#[island]
pub fn CopyButton(text: String, about: String) -> impl IntoView {
    let note = RwSignal::new("");
    #[cfg(not(feature = "hydrate"))]
    let _ = text;
    view! {
        <span class="copy">
            <button
                type="button"
                class="button button-small copy-button"
                aria-description=about
                on:click=move |_| {
                    #[cfg(feature = "hydrate")]
                    write_to_clipboard(text.clone(), note);
                }
            >
                "Copy"
            </button>
            <span class="copy-note" role="status">{move || note.get()}</span>
        </span>
    }
}

#[cfg(feature = "hydrate")]
fn write_to_clipboard(text: String, note: RwSignal<&'static str>) {
    use std::time::Duration;
    use wasm_bindgen_futures::JsFuture;

    leptos::task::spawn_local(async move {
        let clipboard = window().navigator().clipboard();
        // Browsers have a clipboard on https and on localhost only, and may refuse it.
        let is_there = !wasm_bindgen::JsValue::from(clipboard.clone()).is_undefined();
        let is_copied = is_there && JsFuture::from(clipboard.write_text(&text)).await.is_ok();
        note.set(if is_copied { "Copied" } else { "Select the text and copy it" });
        set_timeout(move || note.set(""), Duration::from_secs(3));
    });
}
