//! `/w/{workspace}/apps/{grant}`: how one connection came about, step by step, and whether it is well.

use domain::{clock::Timestamp, connection::State, id::GrantId, workspace::Workspace};
use leptos::{prelude::*, server_fn::ServerFn};
use usecases::connection_log::{Timeline, TimelineError, timeline};

use super::{
    apps::{RevokeApp, Ways},
    enter,
    move_app::Move,
};
use crate::{
    components::{
        client_tile::ClientTile,
        confirm::Revoke,
        frame::{Place, WorkspaceFrame},
        moment::{Day, Moment},
        notice::{Notice, Tone},
        publisher::{PublisherBadge, Renamed, shown_name},
        road::{Road, Told},
    },
    error::PageError,
    pages::page,
    request::param,
    words,
};

#[component]
pub fn ConnectionPage() -> impl IntoView {
    page("Connection", async {
        let (deps, member, menu) = enter(Place::Apps).await?;
        let grant: GrantId = param("grant").parse().map_err(|_| PageError::NotFound)?;
        let timeline = timeline(&deps, &member, grant).await.map_err(|error| match error {
            TimelineError::NotFound => PageError::NotFound,
            TimelineError::Store(error) => PageError::ours(&error),
        })?;
        let back = Place::Apps.path(&menu.here.slug);
        let ways = Ways::of(&deps, &menu.viewer, &member.workspace).await?;
        let decisions = Decisions {
            destinations: ways.from(&deps, &timeline.grant),
            is_own: timeline.user.id == menu.viewer.user.id,
            slug: menu.here.slug.clone(),
            form_token: menu.viewer.form_token.as_str().to_owned(),
        };
        Ok(view! {
            <WorkspaceFrame menu>
                <p class="small"><a href=back>"← Authorized apps"</a></p>
                <Connection timeline decisions now=deps.now() />
            </WorkspaceFrame>
        }
        .into_any())
    })
}

#[component]
fn Connection(timeline: Timeline, decisions: Decisions, now: Timestamp) -> impl IntoView {
    // As its person consented to it, whatever it calls itself since.
    let consented = timeline.grant.client_name.clone();
    let name = shown_name(&timeline.publisher, &consented);
    let has_road = !timeline.lines.is_empty();
    let lines = timeline.lines.clone();
    let live = timeline.grant.is_live().then(|| timeline.grant.clone());
    let person = timeline.user.name.clone();
    view! {
        <div class="page-head connection-head">
            <div class="app">
                <ClientTile name=name.clone() logo=timeline.logo.clone() />
                <div>
                    <h1>{name.clone()}</h1>
                    <PublisherBadge publisher=timeline.publisher.clone() />
                    <Renamed publisher=timeline.publisher.clone() consented claimed=timeline.client_name.clone() />
                </div>
            </div>
            {live.map(|grant| view! { <WaysOut id=grant.id name=name.clone() person decisions /> })}
        </div>
        <Standing timeline=timeline.clone() now />
        <section class="card form-card">
            <h2>"How it is used"</h2>
            <Facts timeline now />
        </section>
        <section class="card form-card">
            <h2>"How it was connected"</h2>
            {if has_road {
                view! { <Road lines /> }.into_any()
            } else {
                view! {
                    <p class="muted small">
                        "No steps are on record: the connection was made before this server wrote them down, or they were swept out."
                    </p>
                }
                .into_any()
            }}
        </section>
    }
}

/// What the viewer can do about a connection, as in the list.
struct Decisions {
    destinations: Vec<Workspace>,
    is_own: bool,
    slug: String,
    form_token: String,
}

#[component]
fn WaysOut(id: GrantId, name: String, person: String, decisions: Decisions) -> impl IntoView {
    let Decisions { destinations, is_own, slug, form_token } = decisions;
    let whom = if is_own { "you" } else { person.as_str() };
    let consequence = format!(
        "This connection of {name} stops working for {whom} on its next request. To use it again, it must be authorized again."
    );
    let (of_move, token, place) = (name.clone(), form_token.clone(), slug.clone());
    view! {
        <div class="row-actions">
            {(!destinations.is_empty())
                .then(|| view! { <Move id about=of_move slug=place form_token=token destinations /> })}
            <Revoke action=RevokeApp::PATH form_token workspace=slug id=id.to_string() about=name consequence />
        </div>
    }
}

#[component]
fn Standing(timeline: Timeline, now: Timestamp) -> impl IntoView {
    if let Some(then) = timeline.grant.revoked_at {
        return view! {
            <Notice tone=Tone::Plain>
                <p>"Revoked " <Moment then now /> ". To use the app again, connect it again."</p>
            </Notice>
        }
        .into_any();
    }
    match timeline.state {
        Some(State::Failed(mismatch)) => {
            view! { <section class="card form-card"><Told mismatch /></section> }.into_any()
        }
        Some(State::UnderWay) => view! {
            <Notice tone=Tone::Plain><p>"Authorized; the app has not fetched its token yet."</p></Notice>
        }
        .into_any(),
        Some(State::Connected | State::LetIn | State::SilentCheck) | None => {
            view! { <p class="muted">"Connected. Nothing is known to be wrong with it."</p> }.into_any()
        }
    }
}

#[component]
fn Facts(timeline: Timeline, now: Timestamp) -> impl IntoView {
    let Timeline { grant, user, calls_30d, last_token_at, .. } = timeline;
    let scopes = grant.scopes.iter().map(|scope| view! { <code>{scope.as_str()}</code> " " }).collect_view();
    let moment = |then: Option<Timestamp>| match then {
        Some(then) => view! { <Moment then now /> }.into_any(),
        None => "never".into_any(),
    };
    view! {
        <dl class="pairs pairs-wide small">
            <div>
                <dt>"Connected by"</dt>
                <dd>{user.name} ", " <Day time=grant.created_at now /></dd>
            </div>
            <div>
                <dt>"Last call"</dt>
                <dd>{moment(grant.last_used_at)} ", " {words::counted(calls_30d, "call")} " in 30 days"</dd>
            </div>
            <div><dt>"Last token"</dt><dd>{moment(last_token_at)}</dd></div>
            <div><dt>"Scopes"</dt><dd>{scopes}</dd></div>
            <div><dt>"Connector URL"</dt><dd><code>{grant.resource.clone()}</code></dd></div>
            <div><dt>"Callback URL"</dt><dd><code>{grant.redirect_uri.clone()}</code></dd></div>
        </dl>
    }
}
