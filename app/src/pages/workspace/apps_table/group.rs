//! The head of an app's rows: what is true of all of its connections, and what can be done to them at once.

use domain::clock::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::grant::AppConnections;

use super::{Face, LastUsed, Onlooker, Scopes, since::Since};
use crate::{
    components::{confirm::Confirm, publisher::shown_name},
    pages::workspace::apps::RevokeConnections,
    words,
};

/// What several connections of an app have in common, and so is told once. None for a single one.
#[derive(Clone, Copy)]
pub struct Shared {
    pub is_one_person: bool,
    pub is_one_scope: bool,
}

impl Shared {
    pub fn of(app: &AppConnections) -> Option<Self> {
        let mut scopes = app.connections().map(|connection| connection.grant.scopes);
        let first = scopes.next()?;
        let mut others = scopes.peekable();
        others.peek()?;
        Some(Self { is_one_person: app.people.len() == 1, is_one_scope: others.all(|scopes| scopes == first) })
    }
}

/// What is true of all connections of the app, and what can be done to them at once.
#[component]
pub fn GroupHead(app: AppConnections, shared: Shared, since: Since, onlooker: Onlooker) -> impl IntoView {
    let Some(first) = app.connections().next().cloned() else { return ().into_any() };
    let count = app.connections().count();
    let name = shown_name(&first.publisher, &first.grant.client_name);
    let fields = |which: &str| {
        vec![
            ("form_token", onlooker.form_token.clone()),
            ("workspace", onlooker.slug.clone()),
            ("of", first.grant.id.to_string()),
            ("which", which.to_owned()),
        ]
    };
    let whom = whom(&app, &onlooker);
    let all = format!(
        "{name} stops working for {whom}: all {count} connections end on their next request. To use it again, it must be authorized again."
    );
    let keep_newest = app.older().next().map(|_| {
        view! {
            <Confirm
                action=RevokeConnections::PATH
                fields=fields("older")
                label="Revoke older ones"
                back="Keep all"
                about=name.clone()
                consequence=keeping(&app, &since, onlooker.now)
            />
        }
    });
    let last_used = app.connections().filter_map(|connection| connection.grant.last_used_at).max();
    let calls = app.connections().map(|connection| connection.calls_30d).sum();
    view! {
        <tr class="group-head">
            <th scope="rowgroup" class="table-name">
                <Face app=first.clone() href=None is_operator=onlooker.is_operator />
            </th>
            <td data-label="Connected by">
                <div>
                    {capitalised(&whom)}
                    <span class="table-detail">{words::counted(u64::try_from(count).unwrap_or(u64::MAX), "connection")}</span>
                </div>
            </td>
            {if shared.is_one_scope {
                view! { <td data-label="Scopes"><Scopes scopes=first.grant.scopes /></td> }.into_any()
            } else {
                view! { <td></td> }.into_any()
            }}
            <td data-label="Last used"><LastUsed last_used calls now=onlooker.now /></td>
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
fn keeping(app: &AppConnections, since: &Since, now: Timestamp) -> String {
    let ending = match app.older().count() {
        1 => "the older one ends on its next request".to_owned(),
        many => format!("the other {many} end on their next request"),
    };
    let newest = match app.people.as_slice() {
        [only] => only.connections.first(),
        _ => None,
    };
    let kept = newest.map_or_else(
        || "Everybody keeps the connection that they made last".to_owned(),
        |newest| {
            let used = newest.grant.last_used_at;
            let used =
                used.map_or_else(|| "not used yet".to_owned(), |then| format!("last used {}", words::ago(then, now)));
            format!("The newest stays, of {}, {used}", since.made(newest.grant.id).told)
        },
    );
    // The newest is not always the one in use.
    let used = app.older().filter_map(|connection| connection.grant.last_used_at).max();
    let used = used.map(|then| format!(" Those were last used {}.", words::ago(then, now))).unwrap_or_default();
    format!("{kept}; {ending}.{used}")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
