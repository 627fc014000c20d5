//! A client's face beside its name: the logo that somebody vouches for, kept by this server, or its initials.

use domain::{
    avatar::PhotoId,
    oauth::logo::{self, LOGO_SIZE},
};
use leptos::prelude::*;

use super::initials::Initials;

/// Decoration beside a name that is written out: hidden from screen readers.
#[component]
pub fn ClientTile(#[prop(into)] name: String, logo: Option<PhotoId>) -> impl IntoView {
    match logo {
        Some(picture) => {
            let side = LOGO_SIZE.pixels();
            view! { <img class="tile tile-logo" src=logo::path(&picture) alt="" width=side height=side /> }.into_any()
        }
        None => view! { <Initials name is_plain=true /> }.into_any(),
    }
}
