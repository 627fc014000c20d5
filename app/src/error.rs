//! What a page answers when it can't be itself.

use http::StatusCode;
use leptos::prelude::*;

use crate::{
    components::frame::FaultFrame,
    request::{request_id, see_other, set_status},
};

pub enum PageError {
    /// The answer is at another path of ours.
    SeeOther(String),
    /// Not there, or not for this person: the two look the same.
    NotFound,
    /// Our fault. It is in the log already.
    Ours,
}

impl PageError {
    /// Logs a failure of ours, once, and keeps it from the page.
    pub fn ours(error: &impl std::fmt::Display) -> Self {
        tracing::error!(error = %error, "A page could not be made: {error}");
        Self::Ours
    }

    /// Sets the answer's status and draws what is shown instead.
    pub fn into_page(self) -> AnyView {
        match self {
            Self::SeeOther(path) => {
                see_other(&path);
                view! { <p>"The page is at " <a href=path.clone()>{path.clone()}</a></p> }.into_any()
            }
            Self::NotFound => {
                set_status(StatusCode::NOT_FOUND);
                view! { <NotFound /> }.into_any()
            }
            Self::Ours => {
                set_status(StatusCode::INTERNAL_SERVER_ERROR);
                let id = request_id();
                view! {
                    <FaultFrame>
                        <h1>"Something failed on our side"</h1>
                        <p class="muted">"It is written down. Load the page again; if it fails again, tell whoever runs this server."</p>
                        {id.map(|id| view! { <p class="faint small">"Request " <code>{id}</code></p> })}
                    </FaultFrame>
                }
                .into_any()
            }
        }
    }
}

/// What stands where no page is.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <FaultFrame>
            <h1>"There is no such page"</h1>
            <p class="muted">"It does not exist, or it is not yours to see."</p>
            <p><a class="button" href="/">"Go to the start"</a></p>
        </FaultFrame>
    }
}
