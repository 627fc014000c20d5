//! `/w/{workspace}/apps`: who holds access, when they last used it, and the way to end it.

use domain::{
    clock::Timestamp,
    id::{GrantId, UserId},
    role::Permission,
    workspace::Workspace,
};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::{Deps, access::session::Viewer, connection_log::own_troubles, grant::AuthorizedApp};

use super::{OpenForm, enter, move_app::Move, open_form};
use crate::{
    components::{
        alarms::{Alarms, alarms_for},
        confirm::{Revoke, WasDone, WasRevoked},
        field::sentence as as_sentence,
        frame::{PageHead, Place, WorkspaceFrame},
        initials::Initials,
        moment::{Day, Moment},
        notice::{Notice, Tone},
        publisher::{PublisherBadge, shown_name},
        troubles::Troubles,
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
        let alarms = alarms_for(&deps, &menu.viewer).await?;
        let ways = Ways::of(&deps, &menu.viewer, &member.workspace).await?;
        let troubles = own_troubles(&deps, &menu.viewer).await.map_err(|error| PageError::ours(&error))?;
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
        Ok(view! {
            <WorkspaceFrame menu>
                <PageHead title=Place::Apps.title() sentence=sentence.into_any() />
                <WasRevoked revoked />
                <WasDone done />
                {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{as_sentence(&fault)}</p></Notice> })}
                <Alarms alarms form_token=form_token.clone() path now=deps.now() />
                <Troubles troubles now=deps.now() />
                {if apps.is_empty() {
                    view! { <NoApps slug /> }.into_any()
                } else {
                    let apps: Vec<_> = apps.into_iter().map(|app| (ways.from(&deps, &app), app)).collect();
                    view! { <Apps apps slug form_token now=deps.now() /> }.into_any()
                }}
            </WorkspaceFrame>
        }
        .into_any())
    })
}

/// Where the viewer may move their own connections to.
struct Ways {
    viewer: UserId,
    destinations: Vec<Workspace>,
}

impl Ways {
    async fn of(deps: &Deps, viewer: &Viewer, here: &Workspace) -> Result<Self, PageError> {
        let mut destinations =
            usecases::grant::destinations(deps, viewer).await.map_err(|error| PageError::ours(&error))?;
        destinations.retain(|workspace| workspace.id != here.id);
        Ok(Self { viewer: viewer.user.id, destinations })
    }

    /// None for what somebody else connected, and for an app whose address belongs to this workspace.
    fn from(&self, deps: &Deps, app: &AuthorizedApp) -> Vec<Workspace> {
        let may_move = app.user.id == self.viewer && !usecases::grant::is_locked(deps, &app.grant);
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

#[component]
fn Apps(apps: Vec<(Vec<Workspace>, AuthorizedApp)>, slug: String, form_token: String, now: Timestamp) -> impl IntoView {
    view! {
        <div class="card">
            <table class="table table-stack">
                <thead>
                    <tr>
                        <th scope="col">"App"</th>
                        <th scope="col">"Connected by"</th>
                        <th scope="col">"Scopes"</th>
                        <th scope="col">"Last used"</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>
                    {apps
                        .into_iter()
                        .map(|(destinations, app)| view! { <App app destinations slug=slug.clone() form_token=form_token.clone() now /> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn App(
    app: AuthorizedApp,
    destinations: Vec<Workspace>,
    slug: String,
    form_token: String,
    now: Timestamp,
) -> impl IntoView {
    let name = shown_name(&app.publisher, &app.client_name);
    let consequence = format!(
        "{name} stops working for {} on its next request. To use it again, it must be authorized again.",
        app.user.name
    );
    let scopes = app.grant.scopes.iter().map(|scope| view! { <code>{scope.as_str()}</code> }).collect_view();
    let road = format!("{}/{}", Place::Apps.path(&slug), app.grant.id);
    view! {
        <tr>
            <th scope="row" class="table-name">
                <div class="app">
                    <Initials name=name.clone() is_plain=true />
                    <div>
                        <a class="app-name" href=road>{name.clone()}</a>
                        <PublisherBadge publisher=app.publisher />
                    </div>
                </div>
            </th>
            <td data-label="Connected by">
                <div>
                    {app.user.name}
                    <span class="table-detail">"since " <Day time=app.grant.created_at now /></span>
                </div>
            </td>
            <td data-label="Scopes"><div class="scopes-cell">{scopes}</div></td>
            <td data-label="Last used">
                <div class="num table-time">
                    {match app.grant.last_used_at {
                        Some(then) => view! { <Moment then now /> }.into_any(),
                        None => "never".into_any(),
                    }}
                    <span class="table-detail">{words::counted(app.calls_30d, "call")} " in 30 days"</span>
                </div>
            </td>
            <td class="table-action">
                <div class="row-actions">
                    {(!destinations.is_empty())
                        .then(|| {
                            view! {
                                <Move
                                    id=app.grant.id
                                    about=name.clone()
                                    slug=slug.clone()
                                    form_token=form_token.clone()
                                    destinations
                                />
                            }
                        })}
                    <Revoke action=RevokeApp::PATH form_token workspace=slug id=app.grant.id.to_string() about=name consequence />
                </div>
            </td>
        </tr>
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
    // Asked for before it ends: afterwards it is in no list.
    let apps = usecases::grant::list(&deps, &member).await.unwrap_or_default();
    match usecases::grant::revoke(&deps, &member, grant).await {
        Ok(()) => {
            if let Some(app) = apps.into_iter().find(|app| app.grant.id == grant) {
                Revoked { name: shown_name(&app.publisher, &app.client_name) }.leave(&deps, &page);
            }
            see_other(&page);
        }
        Err(usecases::grant::RevokeGrantError::Store(error)) => refuse(&deps, &our_fault(FORM, &error), &page),
        Err(error) => refuse(&deps, &Refusal::new(FORM, &error), &page),
    }
    Ok(())
}
