//! As whom, and in which workspace. The token, every quota and every limit follow from this choice.

use domain::{clock::Timestamp, role::Role, workspace::Workspace};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::authorize::ConsentScreen;

use super::{
    already::Known,
    tools::{KEYLESS, gives_keys},
};
use crate::{components::initials::Initials, pages::account::SignOut};

/// The form that "Use another account" submits; forms can't stand inside one another.
const OTHER_ACCOUNT: &str = "other-account";

#[component]
pub fn GrantingAs(screen: ConsentScreen, now: Timestamp) -> impl IntoView {
    let known = Known::of(&screen, now);
    let ConsentScreen { user, asks_for_account, workspaces, selected, is_locked, .. } = screen;
    let other_account = if asks_for_account { "button button-small" } else { "link" };
    view! {
        <section class="consent-part">
            <div class="consent-row">
                <h2>"Granting access as"</h2>
                <button class=other_account type="submit" form=OTHER_ACCOUNT formnovalidate=true>"Use another account"</button>
            </div>
            <p>{user.name} <span class="muted">" · " {user.email.to_string()}</span></p>
            {asks_for_account
                .then(|| view! { <p class="small">"Your app asks which account to use: go on with this one, or use another."</p> })}
            {if workspaces.len() > 1 && !is_locked {
                view! { <Choice workspaces selected=selected.map(|id| id.to_string()) known /> }.into_any()
            } else {
                workspaces
                    .into_iter()
                    .next()
                    .map(|(workspace, role)| view! { <OnlyOne workspace role is_locked known /> })
                    .into_any()
            }}
        </section>
    }
}

#[component]
fn Choice(workspaces: Vec<(Workspace, Role)>, selected: Option<String>, known: Known) -> impl IntoView {
    view! {
        <fieldset class="choices" role="radiogroup" aria-labelledby="workspace-legend">
            <legend id="workspace-legend">"Workspace"</legend>
            {workspaces
                .into_iter()
                .map(|(workspace, role)| {
                    let id = workspace.id.to_string();
                    let already = known.told(&workspace);
                    let is_selected = selected.as_deref() == Some(&id);
                    let (name_id, role_id) = (format!("workspace-{id}"), format!("role-{id}"));
                    let choice_class = if gives_keys(role) { "choice".to_owned() } else { format!("choice {KEYLESS}") };
                    view! {
                        <label class=choice_class>
                            <input
                                type="radio"
                                name="workspace"
                                value=id
                                checked=is_selected
                                required=true
                                aria-labelledby=name_id.clone()
                                aria-describedby=role_id.clone()
                            />
                            <Initials name=workspace.name.clone() />
                            <span class="choice-name" id=name_id>{workspace.name}</span>
                            <span class="muted small" id=role_id>{role.label()}</span>
                        </label>
                        {already}
                    }
                })
                .collect_view()}
        </fieldset>
        <div class="consent-row">
            <p class="small faint">"Usage counts against the chosen workspace’s quota."</p>
            <button
                class="link link-quiet"
                type="submit"
                name="decision"
                value="switch"
                title="Not needed: Authorize takes the choice as it stands. Shows this page again for the chosen workspace."
            >
                "Switch"
            </button>
        </div>
    }
}

#[component]
fn OnlyOne(workspace: Workspace, role: Role, is_locked: bool, known: Known) -> impl IntoView {
    let already = known.told(&workspace);
    let note = if is_locked {
        "The address that your app uses belongs to this workspace. Usage counts against its quota."
    } else {
        "Usage counts against this workspace’s quota."
    };
    view! {
        <input type="hidden" name="workspace" value=workspace.id.to_string() />
        <div class="choice choice-only">
            <Initials name=workspace.name.clone() />
            <span class="choice-name">{workspace.name}</span>
            <span class="muted small">{role.label()}</span>
        </div>
        {already}
        <p class="small faint">{note}</p>
    }
}

/// Signs out and comes back to this request.
#[component]
pub fn OtherAccount(request: String, form_token: String) -> impl IntoView {
    view! {
        <form id=OTHER_ACCOUNT method="post" action=SignOut::PATH>
            <input type="hidden" name="form_token" value=form_token />
            <input type="hidden" name="request" value=request />
        </form>
    }
}
