//! What a person is told above the pages of a workspace, each until they put it away.

use domain::{clock::Timestamp, connection::Advice, notice::NoticeId, oauth::client::ClientId};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::{
    client_policy::Wanted,
    notice::{self, Copied, EndedBy, News},
};

use super::{OpenForm, open_form};
use crate::{
    components::{
        confirm::Hidden,
        frame::Place,
        moment::Moment,
        notice::{Notice, Tone},
        publisher::{beginning, named_app},
    },
    onward::Onward,
    pages::{form_viewer, server::clients},
    request::see_other,
};

/// What is shown at once; the others are one click away.
const SHOWN: usize = 3;

/// The page that notices stand on, and who reads it.
#[derive(Clone)]
pub struct Reading {
    pub slug: String,
    pub form_token: String,
    pub place: Place,
    /// Runs the server, and so can help themselves.
    pub is_operator: bool,
    pub now: Timestamp,
}

#[component]
pub fn Notices(notices: Vec<notice::Notice>, reading: Reading) -> impl IntoView {
    (!notices.is_empty()).then(|| {
        let of_all =
            (notices.len() > 1).then(|| notices.iter().flat_map(|notice| notice.ids.clone()).collect::<Vec<_>>());
        let mut notices = notices.into_iter().map(|notice| view! { <Told notice reading=reading.clone() /> });
        let shown: Vec<_> = notices.by_ref().take(SHOWN).collect();
        let others: Vec<_> = notices.collect();
        let more = (!others.is_empty()).then(|| {
            view! {
                <details class="more-notices">
                    <summary class="small">{format!("and {} more", others.len())}</summary>
                    <div class="notices">{others}</div>
                </details>
            }
        });
        let all = of_all.map(|ids| {
            view! { <PutAway reading=reading.clone() ids label="Put all away" about=String::new() /> }
        });
        view! {
            <section class="notices" aria-label="Notices">
                {shown} {more} {all}
            </section>
        }
    })
}

#[component]
fn Told(notice: notice::Notice, reading: Reading) -> impl IntoView {
    let ids = notice.ids.clone();
    let tone = match notice.news {
        News::Copied(_) => Tone::Bad,
        News::Ended(_) | News::Failed(_) => Tone::Warn,
    };
    let (about, told) = match notice.news.clone() {
        News::Copied(copied) => copied_told(&notice, copied, reading.now),
        News::Ended(by) => ended_told(&notice, by, &reading),
        News::Failed(mismatch) => failed_told(&notice, mismatch.title(), mismatch.advice_to_its_person(), &reading),
    };
    view! {
        <Notice tone>
            <div class="told-notice">{told}</div>
            <PutAway reading ids label="Put away" about />
        </Notice>
    }
}

/// Works without a script.
#[component]
fn PutAway(
    reading: Reading,
    /// What the page shows. Whatever came in since stays.
    ids: Vec<NoticeId>,
    label: &'static str,
    /// Which one, for screen readers.
    about: String,
) -> impl IntoView {
    let fields = vec![
        ("form_token", reading.form_token),
        ("page", reading.place.path(&reading.slug)),
        ("workspace", reading.slug),
        ("notices", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")),
    ];
    view! {
        <form class="put-away" method="post" action=PutNoticeAway::PATH>
            <Hidden fields />
            <button class="button button-small" type="submit" aria-description=(!about.is_empty()).then_some(about)>
                {label}
            </button>
        </form>
    }
}

/// The app within a sentence.
fn app_of(notice: &notice::Notice) -> String {
    match &notice.publisher {
        Some(publisher) => named_app(publisher, &notice.client_name),
        None if notice.client_name.is_empty() => "an app that is gone".to_owned(),
        None => format!("an app named “{}”", notice.client_name),
    }
}

fn copied_told(notice: &notice::Notice, copied: Copied, now: Timestamp) -> (String, AnyView) {
    let app = app_of(notice);
    let (what, ended) = match copied {
        Copied::Code => {
            ("The code that connected it came in a second time ", "What the code had opened was closed at once.")
        }
        Copied::RefreshToken => (
            "A token that it had long replaced came in again ",
            "Whatever came of that token was closed at once; other connections of the app go on.",
        ),
    };
    let place = notice.workspace.clone().map(|name| format!(" in {name}"));
    let title = format!("Somebody may have copied what {app} holds");
    let told = view! {
        <p>
            <b>{title.clone()} {place} "."</b>
            " " {what} <Moment then=notice.at now /> ": either the app sent it twice, or somebody has a copy. " {ended}
        </p>
        <p>
            "Connect the app again if you still use it. If you don’t know how that could happen, revoke the app, and look at who and what can read the computer or the account that it runs on."
        </p>
    };
    (title, told.into_any())
}

fn ended_told(notice: &notice::Notice, by: EndedBy, reading: &Reading) -> (String, AnyView) {
    let (app, now) = (app_of(notice), reading.now);
    let place = notice.workspace.clone().unwrap_or_else(|| "a workspace that is gone".to_owned());
    let connections = match notice.ids.len() {
        1 => format!("your connection of {app}"),
        many => format!("{many} connections of yours of {app}"),
    };
    let overview = Place::Overview.path(&reading.slug);
    let told = match by {
        EndedBy::Admin => view! {
            <p>
                <b>{format!("An admin of {place} revoked {connections} ")} <Moment then=notice.at now /> "."</b>
                " The app is refused since then. If you don’t know why, ask them first. Connect it again if you need it: "
                <a href=overview>"how to connect"</a> "."
            </p>
        }
        .into_any(),
        EndedBy::Membership => view! {
            <p>
                <b>{format!("You were taken out of {place} ")} <Moment then=notice.at now /> {format!(", and {connections} ended with that.")}</b>
                " To use the app elsewhere, connect it again: " <a href=overview>"how to connect"</a> "."
            </p>
        }
        .into_any(),
        EndedBy::Password => view! {
            <p>
                <b>"Whoever runs this server gave you a new password " <Moment then=notice.at now /> {format!(", and {connections} in {place} ended with the old one.")}</b>
                " If you don’t know why, ask them first. Connect the app again if you need it: "
                <a href=overview>"how to connect"</a> "."
            </p>
        }
        .into_any(),
    };
    (format!("Revoked: {app}"), told)
}

fn failed_told(notice: &notice::Notice, title: &'static str, advice: Advice, reading: &Reading) -> (String, AnyView) {
    let name = beginning(&app_of(notice));
    let times = match notice.ids.len() {
        1 => None,
        many => Some(format!(" ({many} times)")),
    };
    let steps = notice.grant.map(|grant| {
        let road = format!("{}/{grant}", Place::Apps.path(&reading.slug));
        view! { " " <a href=road>"See its steps"</a> }
    });
    let Advice { what, remedy, .. } = advice;
    let remedy = match notice.client.clone().filter(|_| reading.is_operator && is_theirs(&notice.news)) {
        Some(client) => view! { "You run this server: " <DecideLink client /> "." }.into_any(),
        None => remedy.into_any(),
    };
    let told = view! {
        <p>
            <b>{format!("{name} did not get through ")} <Moment then=notice.at now=reading.now /> ": " {title} "."</b> {times}
            " " {what} " " {remedy} {steps} " " <a href="/connect/doctor">"Check the connector"</a>
        </p>
    };
    (format!("{name}: {title}"), told.into_any())
}

/// Whether letting the app in is the cure.
const fn is_theirs(news: &News) -> bool {
    use domain::connection::Mismatch::{ApprovalNeeded, BlockedClient};
    matches!(news, News::Failed(ApprovalNeeded | BlockedClient))
}

/// For operators: that very client, among those of the server.
#[component]
pub fn DecideLink(client: ClientId) -> impl IntoView {
    let address = clients::address(&Wanted { text: client.0, standing: None }, 1);
    view! { <a href=address>"decide about this app"</a> }
}

#[server(prefix = "/api", endpoint = "put_notice_away")]
pub async fn put_notice_away(
    #[server(default)] workspace: String,
    /// Divided by commas.
    #[server(default)]
    notices: String,
    #[server(default)] page: String,
    #[server(default)] form_token: String,
) -> Result<(), ServerFnError> {
    let Some(OpenForm { deps, member, .. }) = open_form(Place::Apps, &workspace, &form_token).await else {
        return Ok(());
    };
    let Some(viewer) = form_viewer(&form_token) else { return Ok(()) };
    let shown: Vec<NoticeId> = notices.split(',').filter_map(|id| id.parse().ok()).collect();
    if let Err(error) = notice::put_away(&deps, &viewer, &member, &shown).await {
        // It is shown again, and can be put away then.
        tracing::error!(error = %error, "A notice could not be put away: {error}");
    }
    see_other(&Onward::read(&page).path());
    Ok(())
}
