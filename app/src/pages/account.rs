//! `/account`: who one is here, where one belongs, and the way out.

use domain::session::cookie_name;
use leptos::{prelude::*, server_fn::ServerFn};

use super::{form_viewer, page, with_request};
use crate::{
    components::{
        frame::{Place, PlainFrame},
        initials::Initials,
    },
    error::PageError,
    request::{cookie, deps, own_cookie, see_other, set_cookie, signed_in},
};

#[component]
pub fn AccountPage() -> impl IntoView {
    page("Account", async {
        let deps = deps()?;
        let viewer = signed_in()?;
        let workspaces =
            usecases::workspace::list_for(&deps, viewer.user.id).await.map_err(|error| PageError::ours(&error))?;
        let is_alone = workspaces.is_empty();
        Ok(view! {
            <PlainFrame>
                <h1>"Account"</h1>
                <dl class="pairs">
                    <div>
                        <dt>"Name"</dt>
                        <dd>{viewer.user.name.clone()}</dd>
                    </div>
                    <div>
                        <dt>"Email"</dt>
                        <dd>{viewer.user.email.to_string()}</dd>
                    </div>
                </dl>
                <section>
                    <h2>"Workspaces"</h2>
                    {is_alone.then(|| view! { <p class="muted small">"You belong to none yet."</p> })}
                    <ul class="list">
                        {workspaces
                            .into_iter()
                            .map(|(workspace, role)| {
                                view! {
                                    <li>
                                        <a class="list-row" href=Place::Overview.path(workspace.slug.as_str())>
                                            <Initials name=workspace.name.clone() />
                                            <span class="list-name">{workspace.name}</span>
                                            <span class="muted small">{role.label()}</span>
                                        </a>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </section>
                <div class="actions">
                    <a class="button" href="/new-workspace">"New workspace"</a>
                    <form method="post" action=SignOut::PATH>
                        <input type="hidden" name="form_token" value=viewer.form_token.as_str().to_owned() />
                        <button class="button" type="submit">"Sign out"</button>
                    </form>
                </div>
            </PlainFrame>
        }
        .into_any())
    })
}

/// Ends the session. With a waiting authorization request, another account may go on with it.
#[server(prefix = "/api", endpoint = "sign_out")]
pub async fn sign_out(
    #[server(default)] form_token: String,
    #[server(default)] request: String,
) -> Result<(), ServerFnError> {
    let Ok(deps) = deps() else { return Ok(()) };
    let is_https = deps.settings.public_url.is_https();
    let name = cookie_name(is_https);
    if form_viewer(&form_token).is_some() {
        if let Some(session) = cookie(name)
            && let Err(error) = usecases::sign_in::sign_out(&deps, &session).await
        {
            tracing::error!(error = %error, "A session could not be ended: {error}");
        }
        let mut gone = own_cookie(name.to_owned(), String::new(), "/".to_owned(), is_https);
        gone.set_max_age(cookie::time::Duration::ZERO);
        set_cookie(&gone);
    }
    let next = with_request("/sign-in", &request);
    see_other(if next == "/sign-in" { "/" } else { &next });
    Ok(())
}
