//! The wasm doorway: wakes the islands that a page carries. What they do lives in `app`.

// Without a mention of `app` the linker would drop the islands, and with them what the page calls by name.
pub use app;

/// Called by the script in the page's head, once the wasm module is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
