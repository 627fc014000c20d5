//! Reads the column under the pointer. The numbers are in the drawing already: nothing is fetched, nothing is passed.

use leptos::prelude::*;

/// Wraps a chart whose columns carry `data-reading`; shows the reading of the column that is pointed at, and `resting`
/// while none is.
#[island]
pub fn ChartHover(resting: String, children: Children) -> impl IntoView {
    let reading = RwSignal::new(None::<String>);
    view! {
        <div
            on:pointermove=move |event| {
                #[cfg(feature = "hydrate")]
                reading.set(reading_under(&event));
                #[cfg(not(feature = "hydrate"))]
                let _ = event;
            }
            on:pointerleave=move |_| reading.set(None)
        >
            <p class="chart-reading" aria-hidden="true">{move || reading.get().unwrap_or_else(|| resting.clone())}</p>
            {children()}
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn reading_under(event: &web_sys::PointerEvent) -> Option<String> {
    use wasm_bindgen::JsCast;

    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    element.closest("[data-reading]").ok()??.get_attribute("data-reading")
}
