//! The connections of a workspace as a table: one row for an app that was connected once, a group of rows for one that was
//! connected more often.

use domain::{clock::Timestamp, id::UserId, oauth::client::Standing, workspace::Workspace};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::grant::{AppConnections, AuthorizedApp};

use super::{
    apps::{RevokeApp, RevokeConnections},
    move_app::Move,
    notices::DecideLink,
};
use crate::{
    components::{
        client_tile::ClientTile,
        confirm::{Confirm, Revoke},
        frame::Place,
        moment::{Day, Moment},
        notice::{Badge, Tone},
        publisher::{PublisherBadge, shown_name},
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
                {groups}
            </table>
        </div>
    }
}

#[component]
fn Group(app: AppConnections, rows: Vec<Row>, onlooker: Onlooker) -> impl IntoView {
    let is_one = rows.len() == 1;
    let head = (!is_one).then(|| view! { <GroupHead app onlooker=onlooker.clone() /> });
    let rows = rows.into_iter().map(|row| view! { <Connection row is_one onlooker=onlooker.clone() /> });
    view! {
        <tbody>
            {head}
            {rows.collect_view()}
        </tbody>
    }
}

/// What is true of all connections of the app, and what can be done to them at once.
#[component]
fn GroupHead(app: AppConnections, onlooker: Onlooker) -> impl IntoView {
    let connections: Vec<_> = app.connections().cloned().collect();
    let count = u64::try_from(connections.len()).unwrap_or(u64::MAX);
    let older = app.older().count();
    let Some(first) = connections.first().cloned() else { return ().into_any() };
    let name = shown_name(&first.publisher, &first.grant.client_name);
    let fields = |which: &str| {
        vec![
            ("form_token", onlooker.form_token.clone()),
            ("workspace", onlooker.slug.clone()),
            ("of", first.grant.id.to_string()),
            ("which", which.to_owned()),
        ]
    };
    let all = format!(
        "{name} stops working for {}: all {count} connections end on their next request. To use it again, it must be authorized again.",
        whom(&app, &onlooker)
    );
    let keep_newest = (older > 0).then(|| {
        view! {
            <Confirm
                action=RevokeConnections::PATH
                fields=fields("older")
                label="Revoke older ones"
                back="Keep all"
                about=name.clone()
                consequence=keeping(&app, &onlooker)
            />
        }
    });
    view! {
        <tr class="group-head">
            <th scope="rowgroup" colspan="4" class="table-name">
                <Face app=first.clone() href=None is_operator=onlooker.is_operator count=Some(count) />
            </th>
            <td class="table-action">
                <div class="row-actions">
                    {keep_newest}
                    <Confirm
                        action=RevokeConnections::PATH
                        fields=fields("all")
                        label="Revoke all"
                        back="Keep all"
                        about=name
                        consequence=all
                    />
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// For whom the app stops working.
fn whom(app: &AppConnections, onlooker: &Onlooker) -> String {
    match app.people.as_slice() {
        [only] if only.user.id == onlooker.user => "you".to_owned(),
        [only] => only.user.name.clone(),
        many => words::counted_people(u64::try_from(many.len()).unwrap_or(u64::MAX)),
    }
}

/// Which connection stays, and what becomes of the others.
fn keeping(app: &AppConnections, onlooker: &Onlooker) -> String {
    let ending = match app.older().count() {
        1 => "the older one ends on its next request".to_owned(),
        many => format!("the other {many} end on their next request"),
    };
    let kept = match app.people.as_slice() {
        [only] => only.connections.first().map(|newest| {
            let used = match newest.grant.last_used_at {
                Some(then) => format!("last used {}", words::ago(then, onlooker.now)),
                None => "never used yet".to_owned(),
            };
            format!("The one of {} stays, {used}", words::to_the_minute(newest.grant.created_at, onlooker.now))
        }),
        _ => None,
    };
    let kept = kept.unwrap_or_else(|| "Everybody keeps the connection that they made last".to_owned());
    format!("{kept}; {ending}.")
}

/// The app: its tile and name, who it is known to be, and what stands in its way.
#[component]
fn Face(
    app: AuthorizedApp,
    /// Its page, where it has one.
    href: Option<String>,
    is_operator: bool,
    /// Its connections, where there are several.
    count: Option<u64>,
) -> impl IntoView {
    let name = shown_name(&app.publisher, &app.grant.client_name);
    let now_called = shown_name(&app.publisher, &app.client_name);
    let renamed = (now_called != name).then(|| {
        view! { <span class="table-detail">"now calls itself “" {now_called} "”"</span> }
    });
    let title = match href {
        Some(href) => view! { <a class="app-name" href=href>{name.clone()}</a> }.into_any(),
        None => view! { <span class="app-name">{name.clone()}</span> }.into_any(),
    };
    let blocked = (app.standing == Standing::Blocked).then(|| {
        let decide = is_operator.then(|| view! { <DecideLink client=app.grant.client.clone() /> });
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
                <PublisherBadge publisher=app.publisher />
                {blocked} {renamed}
                {count.map(|count| view! { <span class="table-detail">{words::counted(count, "connection")}</span> })}
            </div>
        </div>
    }
}

#[component]
fn Connection(
    row: Row,
    /// The only one of its app.
    is_one: bool,
    onlooker: Onlooker,
) -> impl IntoView {
    let (app, destinations) = row;
    let Onlooker { user, is_operator, slug, form_token, now } = onlooker;
    let name = shown_name(&app.publisher, &app.grant.client_name);
    let (is_own, created_at) = (app.user.id == user, app.grant.created_at);
    let person = if is_own { "You".to_owned() } else { app.user.name.clone() };
    let whom = if is_own { "you" } else { app.user.name.as_str() };
    let consequence = if is_one {
        format!("{name} stops working for {whom} on its next request. To use it again, it must be authorized again.")
    } else {
        format!("This connection ends on its next request; the others of {name} go on.")
    };
    let scopes = app.grant.scopes.iter().map(|scope| view! { <code>{scope.as_str()}</code> }).collect_view();
    let road = format!("{}/{}", Place::Apps.path(&slug), app.grant.id);
    let since = words::to_the_minute(created_at, now);
    // What a screen reader says of the buttons: which of the connections they are about.
    let about = if is_one { name.clone() } else { format!("{name}, connected {since}") };
    let came_from = came_from(&app.grant.redirect_uri);
    let head = if is_one {
        view! { <Face app=app.clone() href=Some(road) is_operator count=None /> }.into_any()
    } else {
        view! {
            <a class="connection-link" href=road>{since}</a>
            <span class="table-detail">"from " {came_from}</span>
        }
        .into_any()
    };
    let row_class = if is_one { "" } else { "group-row" };
    view! {
        <tr class=row_class>
            <th scope="row" class="table-name">{head}</th>
            <td data-label="Connected by">
                <div>
                    {person}
                    {is_one.then(|| view! { <span class="table-detail">"since " <Day time=created_at now /></span> })}
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
                                    about=about.clone()
                                    slug=slug.clone()
                                    form_token=form_token.clone()
                                    destinations
                                />
                            }
                        })}
                    <Revoke action=RevokeApp::PATH form_token workspace=slug id=app.grant.id.to_string() about consequence />
                </div>
            </td>
        </tr>
    }
}

/// Whose address the answer went to: what tells an app on one computer from the same on another port or place.
fn came_from(redirect_uri: &str) -> String {
    let (scheme, rest) = redirect_uri.split_once(':').unwrap_or(("", redirect_uri));
    match rest.strip_prefix("//") {
        Some(rest) if scheme.starts_with("http") => rest.split(['/', '?']).next().unwrap_or_default().to_owned(),
        _ => format!("{scheme}:"),
    }
}

#[cfg(test)]
mod tests {
    use super::came_from;

    #[test]
    fn where_a_connection_came_from_is_told_without_its_path() {
        for (address, told) in [
            ("https://claude.ai/api/mcp/auth_callback", "claude.ai"),
            ("http://localhost:3118/callback", "localhost:3118"),
            ("http://[::1]:80?x", "[::1]:80"),
            ("cursor://anysphere.cursor-mcp/oauth/callback", "cursor:"),
            ("com.example.app:/callback", "com.example.app:"),
        ] {
            assert_eq!(came_from(address), told);
        }
    }
}
