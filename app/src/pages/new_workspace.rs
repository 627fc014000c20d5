//! `/new-workspace`: where a person without one begins. A waiting authorization request goes on afterwards.

use domain::audit::Actor;
use leptos::{prelude::*, server_fn::ServerFn};

use super::{form_viewer, our_fault, page, refuse, with_request};
use crate::{
    components::{
        field::{Field, sentence},
        frame::PlainFrame,
        notice::{Notice, Tone},
    },
    one_shot::Refusal,
    request::{awaiting, deps, query, see_other, signed_in},
};

pub const FORM: &str = "new-workspace";

#[component]
pub fn NewWorkspacePage() -> impl IntoView {
    page("New workspace", async {
        let deps = deps()?;
        let viewer = signed_in()?;
        let request = awaiting(query("request").as_deref()).map(|id| id.to_string()).unwrap_or_default();
        let refusal = Refusal::take(&deps, FORM);
        let form_token = viewer.form_token.as_str().to_owned();
        Ok(view! {
            <PlainFrame>
                <div>
                    <h1>"New workspace"</h1>
                    <p class="muted">
                        "A workspace holds your people, your keys and your month’s quota. Every connection belongs to one."
                    </p>
                </div>
                <NewWorkspaceForm request refusal form_token />
                <p class="muted small">
                    "Signed in as " {viewer.user.email.to_string()} " · " <a href="/account">"Account"</a>
                </p>
            </PlainFrame>
        }
        .into_any())
    })
}

/// Also stands on the consent screen, for whoever has no workspace yet.
#[component]
pub fn NewWorkspaceForm(request: String, refusal: Refusal, form_token: String) -> impl IntoView {
    view! {
        {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{sentence(&fault)}</p></Notice> })}
        <form class="stack" method="post" action=CreateWorkspace::PATH>
            <input type="hidden" name="form_token" value=form_token />
            <input type="hidden" name="request" value=request />
            <Field
                label="Workspace name"
                name="name"
                autocomplete="organization"
                hint="Your company’s or team’s name."
                value=refusal.typed("name")
                fault=refusal.fault_of("name")
                is_focused=true
            />
            <button class="button button-primary button-wide" type="submit">"Create workspace"</button>
        </form>
    }
}

#[server(prefix = "/api", endpoint = "create_workspace")]
pub async fn create_workspace(
    #[server(default)] name: String,
    #[server(default)] request: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    use usecases::workspace::{CreateWorkspaceError, NewWorkspace};

    let Ok(deps) = deps() else { return Ok(()) };
    let Some(viewer) = form_viewer(&form_token) else {
        see_other(&with_request("/sign-in", &request));
        return Ok(());
    };
    let user = viewer.user.id;
    let new = NewWorkspace { name: name.clone(), slug: None };
    let consent = awaiting(Some(&request)).map(|request| format!("/consent/{request}"));
    let refusal = match usecases::workspace::create(&deps, user, new, Actor::User(user)).await {
        Ok(workspace) => {
            see_other(&consent.unwrap_or_else(|| format!("/w/{}", workspace.slug)));
            return Ok(());
        }
        Err(CreateWorkspaceError::Store(error)) => our_fault(FORM, &error),
        Err(error) => Refusal::new(FORM, &error).at("name"),
    };
    let page = consent.unwrap_or_else(|| "/new-workspace".to_owned());
    refuse(&deps, &refusal.keeping("name", &name), &page);
    Ok(())
}
