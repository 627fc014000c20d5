//! One connection: whose it is, what it may do, when it was used, and the way to end it.

use leptos::{prelude::*, server_fn::ServerFn};

use super::{Face, LastUsed, Onlooker, Row, Scopes, group::Shared, since::Made};
use crate::{
    components::{
        confirm::Revoke,
        frame::Place,
        moment::Day,
        notice::{Badge, Tone},
        publisher::shown_name,
    },
    pages::workspace::{apps::RevokeApp, move_app::Move},
};

#[component]
pub fn Connection(
    row: Row,
    made: Made,
    /// What the head of its group tells already.
    shared: Option<Shared>,
    onlooker: Onlooker,
) -> impl IntoView {
    let (app, destinations) = row;
    let Onlooker { user, is_operator, slug, form_token, now } = onlooker;
    let is_one = shared.is_none();
    let name = shown_name(&app.publisher, &app.grant.client_name);
    let (is_own, created_at) = (app.user.id == user, app.grant.created_at);
    let person = if is_own { "You".to_owned() } else { app.user.name.clone() };
    let whom = if is_own { "you" } else { app.user.name.as_str() };
    let consequence = if is_one {
        format!("{name} stops working for {whom} on its next request. To use it again, it must be authorized again.")
    } else {
        format!("This connection ends on its next request; the others of {name} go on.")
    };
    let road = format!("{}/{}", Place::Apps.path(&slug), app.grant.id);
    let Made { told: since, is_newest } = made;
    // What a screen reader says of the buttons: which of the connections they are about.
    let about = if is_one { name.clone() } else { format!("{name}, connected {since}") };
    let head = if is_one {
        view! { <Face app=app.clone() href=Some(road) is_operator /> }.into_any()
    } else {
        let came_from = format!("from {}", came_from(&app.grant.redirect_uri));
        view! {
            <a class="connection-link" href=road>{since}</a>
            {is_newest.then(|| view! { <Badge tone=Tone::Plain text="Newest" /> })}
            <span class="table-detail">{came_from}</span>
        }
        .into_any()
    };
    let tells_person = shared.is_none_or(|shared| !shared.is_one_person);
    let tells_scopes = shared.is_none_or(|shared| !shared.is_one_scope);
    let connected_by = tells_person.then(|| {
        view! {
            <div>
                {person}
                {is_one.then(|| view! { <span class="table-detail">"since " <Day time=created_at now /></span> })}
            </div>
        }
    });
    view! {
        <tr class=if is_one { "" } else { "group-row" }>
            <th scope="row" class="table-name">{head}</th>
            <td data-label=tells_person.then_some("Connected by")>{connected_by}</td>
            <td data-label=tells_scopes.then_some("Scopes")>{tells_scopes.then(|| view! { <Scopes scopes=app.grant.scopes /> })}</td>
            <td data-label="Last used"><LastUsed last_used=app.grant.last_used_at calls=app.calls_30d now /></td>
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
