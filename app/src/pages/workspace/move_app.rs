//! Moving a connection to another workspace of the person who made it.

use domain::{
    id::{GrantId, WorkspaceId},
    workspace::Workspace,
};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::grant::{self, MoveGrantError};

use super::{OpenForm, apps::FORM, open_form};
use crate::{
    components::{confirm::Hidden, frame::Place, publisher::shown_name},
    one_shot::{Done, Refusal},
    pages::{form_viewer, our_fault, refuse},
    request::see_other,
};

/// Opens in place, as ending does. Nothing of it stops working, so it is not red.
#[component]
pub fn Move(
    id: GrantId,
    /// The app, for screen readers.
    about: String,
    slug: String,
    form_token: String,
    /// Where it can go.
    destinations: Vec<Workspace>,
) -> impl IntoView {
    let fields = vec![("form_token", form_token), ("workspace", slug), ("id", id.to_string())];
    let select = format!("move-{id}");
    let options = destinations.into_iter().map(|workspace| {
        let value = workspace.id.to_string();
        view! { <option value=value>{workspace.name}</option> }
    });
    view! {
        <details class="confirm">
            <summary class="button button-small" role="button" aria-description=about>
                <span class="confirm-closed">"Move"</span>
                <span class="confirm-open">"Keep here"</span>
            </summary>
            <form class="confirm-panel confirm-panel-calm" method="post" action=MoveApp::PATH>
                <Hidden fields />
                <div class="field">
                    <label for=select.clone()>"Move to"</label>
                    <select class="input" id=select name="to">{options.collect_view()}</select>
                </div>
                <p class="small">"From its next request on it looks people up there, on that workspace’s quota. It stays connected."</p>
                <button class="button button-small button-primary" type="submit">"Move"</button>
            </form>
        </details>
    }
}

#[server(prefix = "/api", endpoint = "move_app")]
pub async fn move_app(
    #[server(default)] workspace: String,
    #[server(default)] id: String,
    #[server(default)] to: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some(OpenForm { deps, member, page }) = open_form(Place::Apps, &workspace, &form_token).await else {
        return Ok(());
    };
    let (Some(viewer), Ok(id), Ok(to)) = (form_viewer(&form_token), id.parse::<GrantId>(), to.parse::<WorkspaceId>())
    else {
        see_other(&page);
        return Ok(());
    };
    // What is listed here, and no other connection of the viewer.
    let apps = match grant::list(&deps, &member).await {
        Ok(apps) => apps,
        Err(error) => {
            refuse(&deps, &our_fault(FORM, &error), &page);
            return Ok(());
        }
    };
    let Some(app) = apps.into_iter().find(|app| app.grant.id == id) else {
        refuse(&deps, &Refusal::new(FORM, &MoveGrantError::NotFound), &page);
        return Ok(());
    };
    match grant::move_workspace(&deps, &viewer, id, to).await {
        Ok(there) => {
            let name = shown_name(&app.publisher, &app.grant.client_name);
            let sentence = format!("Moved {name} to {}. Its next request acts there.", there.name);
            Done::new(sentence).leave(&deps, &page);
            see_other(&page);
        }
        Err(MoveGrantError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), &page),
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), &page),
    }
    Ok(())
}
