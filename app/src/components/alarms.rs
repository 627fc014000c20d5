//! What a person is told when somebody used a copy of what one of their apps holds.

use domain::clock::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::{
    Deps,
    access::session::Viewer,
    grant::{Alarm, Copied},
};

use super::{
    confirm::Hidden,
    moment::Moment,
    notice::{Notice, Tone},
    publisher::named_app,
};
use crate::{error::PageError, onward::Onward, pages::form_viewer, request::see_other};

/// The alarms to show to whoever looks at a page.
pub async fn alarms_for(deps: &Deps, viewer: &Viewer) -> Result<Vec<Alarm>, PageError> {
    usecases::grant::alarms(deps, viewer).await.map_err(|error| PageError::ours(&error))
}

#[component]
pub fn Alarms(
    alarms: Vec<Alarm>,
    form_token: String,
    /// The page that they stand on.
    path: String,
    now: Timestamp,
) -> impl IntoView {
    (!alarms.is_empty()).then(|| {
        let fields = vec![("form_token", form_token), ("page", path)];
        view! {
            <Notice tone=Tone::Bad>
                {alarms.into_iter().map(|alarm| view! { <Told alarm now /> }).collect_view()}
                <form method="post" action=PutAlarmsAway::PATH>
                    <Hidden fields />
                    <button class="button button-small" type="submit">"I have read this"</button>
                </form>
            </Notice>
        }
    })
}

#[component]
fn Told(alarm: Alarm, now: Timestamp) -> impl IntoView {
    let Alarm { at, copied, publisher, client_name, workspace } = alarm;
    let app = match publisher {
        Some(publisher) => named_app(&publisher, &client_name),
        None if client_name.is_empty() => "an app that is gone".to_owned(),
        None => format!("an app named “{client_name}”"),
    };
    let (what, ended) = match copied {
        Copied::Code => {
            ("The code that connected it came in a second time ", "What the code had opened was closed at once.")
        }
        Copied::RefreshToken => (
            "A token that it had long replaced came in again ",
            "Whatever came of that token was closed at once; other connections of the app go on.",
        ),
    };
    let place = workspace.map(|name| format!(" in {name}"));
    view! {
        <div class="alarm">
            <p>
                <b>{format!("Somebody may have copied what {app} holds")} {place} "."</b>
                " " {what} <Moment then=at now /> ": either the app sent it twice, or somebody has a copy. " {ended}
            </p>
            <p>
                "Connect the app again if you still use it. If you don’t know how that could happen, revoke the app, and look at who and what can read the computer or the account that it runs on."
            </p>
        </div>
    }
}

#[server(prefix = "/api", endpoint = "put_alarms_away")]
pub async fn put_alarms_away(
    #[server(default)] page: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Ok(deps) = crate::request::deps() else { return Ok(()) };
    let Some(viewer) = form_viewer(&form_token) else {
        see_other("/sign-in");
        return Ok(());
    };
    if let Err(error) = usecases::grant::put_alarms_away(&deps, &viewer).await {
        // They are shown again, and can be put away then.
        tracing::error!(error = %error, "Alarms could not be put away: {error}");
    }
    see_other(&Onward::read(&page).path());
    Ok(())
}
