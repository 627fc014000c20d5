//! `/w/{workspace}/apps`: who holds access, when they last used it, and the way to end it.

use domain::{clock::Timestamp, id::GrantId, role::Permission};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::grant::AuthorizedApp;

use super::{OpenForm, enter, open_form};
use crate::{
    components::{
        confirm::{Revoke, WasRevoked},
        field::sentence as as_sentence,
        frame::{PageHead, Place, WorkspaceFrame},
        initials::Initials,
        moment::{Day, Moment},
        notice::{Notice, Tone},
        publisher::{PublisherBadge, shown_name},
    },
    error::PageError,
    one_shot::{Refusal, Revoked},
    pages::{our_fault, page, refuse},
    request::see_other,
    words,
};

const FORM: &str = "apps";

#[component]
pub fn AppsPage() -> impl IntoView {
    page(Place::Apps.title(), async {
        let (deps, member, menu) = enter(Place::Apps).await?;
        let apps = usecases::grant::list(&deps, &member).await.map_err(|error| PageError::ours(&error))?;
        let refusal = Refusal::take(&deps, FORM);
        let slug = menu.here.slug.clone();
        let form_token = menu.viewer.form_token.as_str().to_owned();
        let revoked = Revoked::take(&deps, &Place::Apps.path(&slug));
        let sentence = if member.role.may(Permission::ManageApps) {
            "Everybody’s connections to this workspace. Revoking takes effect on the app’s next request."
        } else {
            "Your own connections to this workspace. Revoking takes effect on the app’s next request."
        };
        Ok(view! {
            <WorkspaceFrame menu>
                <PageHead title=Place::Apps.title() sentence=sentence.into_any() />
                <WasRevoked revoked />
                {refusal.fault_of_all().map(|fault| view! { <Notice tone=Tone::Bad><p>{as_sentence(&fault)}</p></Notice> })}
                {if apps.is_empty() {
                    view! { <NoApps slug /> }.into_any()
                } else {
                    view! { <Apps apps slug form_token now=deps.now() /> }.into_any()
                }}
            </WorkspaceFrame>
        }
        .into_any())
    })
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
fn Apps(apps: Vec<AuthorizedApp>, slug: String, form_token: String, now: Timestamp) -> impl IntoView {
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
                        .map(|app| view! { <App app slug=slug.clone() form_token=form_token.clone() now /> })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn App(app: AuthorizedApp, slug: String, form_token: String, now: Timestamp) -> impl IntoView {
    let name = shown_name(&app.publisher, &app.client_name);
    let consequence = format!(
        "{name} stops working for {} on its next request. To use it again, it must be authorized again.",
        app.user.name
    );
    let scopes = app.grant.scopes.iter().map(|scope| view! { <code>{scope.as_str()}</code> }).collect_view();
    view! {
        <tr>
            <th scope="row" class="table-name">
                <div class="app">
                    <Initials name=name.clone() is_plain=true />
                    <div>
                        <span class="app-name">{name.clone()}</span>
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
                <Revoke action=RevokeApp::PATH form_token workspace=slug id=app.grant.id.to_string() about=name consequence />
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
