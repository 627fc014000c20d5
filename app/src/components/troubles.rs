//! What a person's own apps ran into, where they would look for them.

use domain::{
    clock::Timestamp,
    connection::{Advice, State},
};
use leptos::prelude::*;
use usecases::connection_log::Sighting;

use super::{
    moment::Moment,
    notice::{Notice, Tone},
};

#[component]
pub fn Troubles(troubles: Vec<Sighting>, now: Timestamp) -> impl IntoView {
    troubles.into_iter().map(|trouble| view! { <Trouble trouble now /> }).collect_view()
}

#[component]
fn Trouble(trouble: Sighting, now: Timestamp) -> impl IntoView {
    let Sighting { client_name, state, last_at, .. } = trouble;
    let State::Failed(mismatch) = state else { return ().into_any() };
    let title = mismatch.title();
    let Advice { what, remedy, .. } = mismatch.advice();
    let name = client_name.unwrap_or_else(|| "An app".to_owned());
    view! {
        <Notice tone=Tone::Warn>
            <p class="small">
                <b>{name} " did not get through " <Moment then=last_at now /> ": " {title} "."</b>
                " " {what} " " {remedy} " " <a href="/connect/doctor">"Check the connector"</a>
            </p>
        </Notice>
    }
    .into_any()
}
