//! `/`: what Visage is, for strangers; straight to the work, for whoever is signed in.

use leptos::prelude::*;

use super::page;
use crate::{
    components::{copy_field::CopyField, frame::PlainFrame},
    error::PageError,
    request::{deps, viewer},
};

#[component]
pub fn HomePage() -> impl IntoView {
    page("", async {
        let deps = deps()?;
        if let Some(viewer) = viewer() {
            let workspaces =
                usecases::workspace::list_for(&deps, viewer.user.id).await.map_err(|error| PageError::ours(&error))?;
            let path = workspaces
                .first()
                .map_or_else(|| "/new-workspace".to_owned(), |(workspace, _)| format!("/w/{}", workspace.slug));
            return Err(PageError::SeeOther(path));
        }
        let may_sign_up = usecases::sign_in::may_sign_up(&deps).await.map_err(|error| PageError::ours(&error))?;
        let url = deps.settings.public_url.join("/mcp");
        Ok(view! { <Landing url may_sign_up /> }.into_any())
    })
}

#[component]
fn Landing(url: String, may_sign_up: bool) -> impl IntoView {
    view! {
        <PlainFrame is_wide=true>
            <h1>"Faces and facts for your AI"</h1>
            <p class="muted lead">
                "Paste one address into Claude, ChatGPT, Cursor or any MCP client. From then on it can look up the real face and the facts behind a LinkedIn URL, from your company’s own directory."
            </p>
            <div class="actions">
                <a class="button button-primary" href="/sign-in">"Sign in"</a>
                {may_sign_up.then(|| view! { <a class="button" href="/sign-up">"Create account"</a> })}
            </div>
            <hr class="rule" />
            <CopyField label="Connector URL" name="connector" value=url />
            <ul class="facts">
                <li>"Read-only: a connected app can look people up, and nothing else."</li>
                <li>"You choose the workspace and what the app learns about you, before anything is shared."</li>
                <li>"Revoked in one place, with effect on the app’s next request."</li>
            </ul>
        </PlainFrame>
    }
}
