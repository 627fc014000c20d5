//! The connections of a workspace as a table: one row for an app that was connected once, a group of rows for one that was
//! connected more often.

mod connection;
mod group;
mod since;

use domain::{
    clock::Timestamp,
    id::UserId,
    oauth::{client::Standing, scope::ScopeSet},
    workspace::Workspace,
};
use leptos::prelude::*;
use usecases::grant::{AppConnections, AuthorizedApp};

use self::{
    connection::Connection,
    group::{GroupHead, Shared},
    since::Since,
};
use super::notices::DecideLink;
use crate::{
    components::{
        client_tile::ClientTile,
        moment::Moment,
        notice::{Badge, Tone},
        publisher::{PublisherBadge, Renamed, shown_name},
    },
    words,
};

/// Who looks at the table, and where.
#[derive(Clone)]
pub struct Onlooker {
    pub user: UserId,
    pub is_operator: bool,
    pub slug: String,
    pub form_token: String,
    pub now: Timestamp,
}

/// A connection, and where its person may move it to.
pub type Row = (AuthorizedApp, Vec<Workspace>);

#[component]
pub fn AppsTable(
    apps: Vec<AppConnections>,
    onlooker: Onlooker,
    ways: impl Fn(&AuthorizedApp) -> Vec<Workspace>,
) -> impl IntoView {
    let groups = apps.into_iter().map(|app| {
        let rows: Vec<Row> = app.connections().map(|connection| (connection.clone(), ways(connection))).collect();
        view! { <Group app rows onlooker=onlooker.clone() /> }
    });
    let groups = groups.collect_view();
    view! {
        <div class="card">
            <table class="table table-stack apps-table">
                <thead>
                    <tr>
                        <th scope="col">"App"</th>
                        <th scope="col">"Connected by"</th>
                        <th scope="col">"Scopes"</th>
                        <th scope="col">"Last used"</th>
                        <td></td>
                    </tr>
                </thead>
                {groups}
            </table>
        </div>
    }
}

#[component]
fn Group(app: AppConnections, rows: Vec<Row>, onlooker: Onlooker) -> impl IntoView {
    let shared = Shared::of(&app);
    let since = Since::of(&app, onlooker.now);
    let rows = rows.into_iter().map(|row| {
        let made = since.made(row.0.grant.id);
        view! { <Connection row made shared onlooker=onlooker.clone() /> }
    });
    let rows = rows.collect_view();
    let head = shared.map(|shared| view! { <GroupHead app shared since onlooker=onlooker.clone() /> });
    view! {
        <tbody>
            {head}
            {rows}
        </tbody>
    }
}

#[component]
fn Scopes(scopes: ScopeSet) -> impl IntoView {
    let scopes = scopes.iter().map(|scope| view! { <code>{scope.as_str()}</code> }).collect_view();
    view! { <div class="scopes-cell">{scopes}</div> }
}

#[component]
fn LastUsed(last_used: Option<Timestamp>, calls: u64, now: Timestamp) -> impl IntoView {
    view! {
        <div class="num table-time">
            {match last_used {
                Some(then) => view! { <Moment then now /> }.into_any(),
                None => "never".into_any(),
            }}
            <span class="table-detail">{words::counted(calls, "call")} " in 30 days"</span>
        </div>
    }
}

/// The app: its tile and name, who it is known to be, and what stands in its way.
#[component]
fn Face(
    app: AuthorizedApp,
    /// Its page, where it has one.
    href: Option<String>,
    is_operator: bool,
) -> impl IntoView {
    let name = shown_name(&app.publisher, &app.grant.client_name);
    let title = match href {
        Some(href) => view! { <a class="app-name" href=href>{name.clone()}</a> }.into_any(),
        None => view! { <span class="app-name">{name.clone()}</span> }.into_any(),
    };
    let blocked = (app.standing == Standing::Blocked).then(|| {
        let decide =
            is_operator.then(|| view! { "You run this server: " <DecideLink client=app.grant.client.clone() /> "." });
        view! {
            <Badge tone=Tone::Bad text="Blocked by the operator" />
            <span class="table-detail">"Its requests are refused. " {decide}</span>
        }
    });
    view! {
        <div class="app">
            <ClientTile name logo=app.logo />
            <div>
                {title}
                <PublisherBadge publisher=app.publisher.clone() />
                {blocked}
                <Renamed publisher=app.publisher consented=app.grant.client_name claimed=app.client_name />
            </div>
        </div>
    }
}
