//! Copies a text and says so. Without a script the button stays hidden: the text beside it can be selected.

use leptos::prelude::*;

/// A button named `Copy`. `text` is what it copies, `about` what a screen reader hears behind the name.
#[island]
pub fn CopyButton(text: String, about: String) -> impl IntoView {
    let copied = RwSignal::new(false);
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
                    write_to_clipboard(&text, copied);
                }
            >
                "Copy"
            </button>
            <span class="copy-note" role="status">{move || if copied.get() { "Copied" } else { "" }}</span>
        </span>
    }
}

#[cfg(feature = "hydrate")]
fn write_to_clipboard(text: &str, copied: RwSignal<bool>) {
    use std::time::Duration;

    // Browsers offer the clipboard on https and on localhost only.
    let clipboard = window().navigator().clipboard();
    if !wasm_bindgen::JsValue::from(clipboard.clone()).is_undefined() {
        drop(clipboard.write_text(text));
        copied.set(true);
        set_timeout(move || copied.set(false), Duration::from_secs(3));
    }
}
