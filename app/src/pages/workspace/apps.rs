//! `/w/{workspace}/apps`: who holds access, when they last used it, and the way to end it.

use domain::{
    id::{GrantId, UserId},
    oauth::grant::Grant,
    role::Permission,
    workspace::Workspace,
};
use leptos::prelude::*;
use usecases::{
    Deps,
    access::{operator::operator, session::Viewer},
    grant::{AuthorizedApp, Ended, RevokeGrantError, Which, grouped},
    notice,
};

use super::{
    OpenForm,
    apps_table::{AppsTable, Onlooker},
    enter,
    notices::{Notices, Reading},
    open_form,
};
use crate::{
    components::{
        confirm::{WasDone, WasRevoked},
        field::sentence as as_sentence,
        frame::{PageHead, Place, WorkspaceFrame},
        notice::{Notice, Tone},
        publisher::shown_name,
    },
    error::PageError,
    one_shot::{Done, Refusal, Revoked},
    pages::{our_fault, page, refuse},
    request::see_other,
    words,
};

pub const FORM: &str = "apps";

#[component]
pub fn AppsPage() -> impl IntoView {
    page(Place::Apps.title(), async {
        let (deps, member, menu) = enter(Place::Apps).await?;
        let apps = usecases::grant::list(&deps, &member).await.map_err(|error| PageError::ours(&error))?;
        let notices = notice::list(&deps, &menu.viewer, &member).await.map_err(|error| PageError::ours(&error))?;
        let ways = Ways::of(&deps, &menu.viewer, &member.workspace).await?;
        let refusal = Refusal::take(&deps, FORM);
        let slug = menu.here.slug.clone();
        let form_token = menu.viewer.form_token.as_str().to_owned();
        let path = Place::Apps.path(&slug);
        let (revoked, done) = (Revoked::take(&deps, &path), Done::take(&deps, &path));
        let sentence = if member.role.may(Permission::ManageApps) {
            "Everybody’s connections to this workspace. Revoking takes effect on the app’s next request."
        } else {
            "Your own connections to this workspace. Revoking takes effect on the app’s next request."
        };
        let is_operator = operator(&menu.viewer).is_some();
        let now = deps.now();
        let reading =
            Reading { slug: slug.clone(), form_token: form_token.clone(), place: Place::Apps, is_operator, now };
        let onlooker = Onlooker { user: menu.viewer.user.id, is_operator, slug: slug.clone(), form_token, now };
        Ok(view! {
            <WorkspaceFrame menu>
                <PageHead title=Place::Apps.title() sentence=sentence.into_any() />
                <WasRevoked revoked />
                <WasDone done />
                {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{as_sentence(&fault)}</p></Notice> })}
                <Notices notices reading />
                {if apps.is_empty() {
                    view! { <NoApps slug /> }.into_any()
                } else {
                    view! { <AppsTable apps=grouped(apps) onlooker ways=move |app: &AuthorizedApp| ways.from(&deps, &app.grant) /> }.into_any()
                }}
            </WorkspaceFrame>
        }
        .into_any())
    })
}

/// Where the viewer may move their own connections to.
pub(super) struct Ways {
    viewer: UserId,
    destinations: Vec<Workspace>,
}

impl Ways {
    pub(super) async fn of(deps: &Deps, viewer: &Viewer, here: &Workspace) -> Result<Self, PageError> {
        let mut destinations =
            usecases::grant::destinations(deps, viewer).await.map_err(|error| PageError::ours(&error))?;
        destinations.retain(|workspace| workspace.id != here.id);
        Ok(Self { viewer: viewer.user.id, destinations })
    }

    /// None for what somebody else connected, and for an app whose address belongs to this workspace.
    pub(super) fn from(&self, deps: &Deps, grant: &Grant) -> Vec<Workspace> {
        let is_own = grant.subject.user() == Some(self.viewer);
        let may_move = is_own && !usecases::grant::is_locked(deps, grant);
        if may_move { self.destinations.clone() } else { Vec::new() }
    }
}

#[component]
fn NoApps(slug: String) -> impl IntoView {
    view! {
        <section class="card empty">
            <h2>"No app is connected yet"</h2>
            <p class="muted small">
                "Once somebody authorizes Claude, ChatGPT or another MCP client for this workspace, it is listed here and can be revoked."
            </p>
            <p><a class="button button-primary" href=Place::Overview.path(&slug)>"Connect a client"</a></p>
        </section>
    }
}

#[server(prefix = "/api", endpoint = "revoke_app")]
pub async fn revoke_app(
    #[server(default)] workspace: String,
    #[server(default)] id: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some(OpenForm { deps, member, page }) = open_form(Place::Apps, &workspace, &form_token).await else {
        return Ok(());
    };
    let Ok(grant) = id.parse::<GrantId>() else {
        see_other(&page);
        return Ok(());
    };
    match usecases::grant::revoke(&deps, &member, grant).await {
        Ok(Ended { publisher, client_name, count }) => {
            if count > 0 {
                Revoked { name: shown_name(&publisher, &client_name) }.leave(&deps, &page);
            } else {
                Done::new("It was revoked already.").leave(&deps, &page);
            }
            see_other(&page);
        }
        Err(RevokeGrantError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), &page),
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), &page),
    }
    Ok(())
}

#[server(prefix = "/api", endpoint = "revoke_connections")]
pub async fn revoke_connections(
    #[server(default)] workspace: String,
    /// One of them: it names the app.
    #[server(default)]
    of: String,
    #[server(default)] which: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some(OpenForm { deps, member, page }) = open_form(Place::Apps, &workspace, &form_token).await else {
        return Ok(());
    };
    let which = match which.as_str() {
        "all" => Some(Which::All),
        "older" => Some(Which::Older),
        _ => None,
    };
    let (Ok(of), Some(which)) = (of.parse::<GrantId>(), which) else {
        see_other(&page);
        return Ok(());
    };
    match usecases::grant::revoke_several(&deps, &member, of, which).await {
        Ok(Ended { publisher, client_name, count }) => {
            let name = shown_name(&publisher, &client_name);
            let told = match (count, which) {
                // Somebody was faster, or the page was an old one.
                (0, Which::Older) => format!("No connection of {name} was older: nothing was revoked."),
                (0, Which::All) => format!("No connection of {name} was left: nothing was revoked."),
                (count, _) => {
                    let count = words::counted(u64::try_from(count).unwrap_or(u64::MAX), "connection");
                    format!("Revoked {count} of {name}. Their next requests are refused.")
                }
            };
            Done::new(told).leave(&deps, &page);
            see_other(&page);
        }
        Err(RevokeGrantError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), &page),
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), &page),
    }
    Ok(())
}
