//! `/consent/{request}`: the face of the product. Who asks and how we know; as whom; what it can and can't do; what it
//! learns; where it sends the person; two buttons. A plain form, posted to the OAuth door.

mod account;
mod again;
mod already;
mod copy;
mod scopes;
mod tools;

use domain::{
    clock::Timestamp,
    id::AuthorizationRequestId,
    oauth::{
        authorization_request::PageFault,
        redirect_uri::{Destination, RedirectUri},
    },
};
use http::StatusCode;
use leptos::prelude::*;
use leptos_meta::Title;
use usecases::{
    Deps,
    authorize::{ConsentScreen, DescribeError},
};

use super::{new_workspace, page};
use crate::{
    authorize_fault::page_fault,
    components::{
        client_tile::ClientTile,
        frame::FaultFrame,
        publisher::{PublisherEvidence, shown_name},
    },
    error::PageError,
    fault_page::FaultCard,
    one_shot::Refusal,
    request::{deps, param, set_status, viewer},
    words,
};
pub use again::{Again, with_ticked};

use account::{GrantingAs, OtherAccount};
use again::AgainNotice;
use scopes::Scopes;
use tools::Tools;

/// Where the answer goes: the OAuth door.
pub const DECISION: &str = "/authorize/decision";

/// The heading and the words for a request that takes no answer any more, on its page and to whoever answers late.
pub const CLOSED: (&str, &str) = (
    "This request is closed",
    "It was answered already, or it waited for too long. If your app does not say that it is connected, go back to it and connect again.",
);

#[component]
pub fn ConsentPage() -> impl IntoView {
    page("Authorize", async {
        let deps = deps()?;
        let Ok(id) = param("request").parse::<AuthorizationRequestId>() else {
            return Ok(view! { <Gone /> }.into_any());
        };
        let Some(viewer) = viewer() else {
            // Nobody signs in for a request that is over.
            return match usecases::authorize::who_asks(&deps, id).await {
                Err(DescribeError::Gone) => Ok(view! { <Gone /> }.into_any()),
                Err(DescribeError::Refused(fault)) => Ok(refused(&deps, &fault)),
                Err(DescribeError::Store(error)) => Err(PageError::ours(&error)),
                Ok(_) | Err(DescribeError::SignInAgain) => Err(PageError::SeeOther(format!("/sign-in?request={id}"))),
            };
        };
        let screen = match usecases::authorize::describe(&deps, &viewer, id).await {
            Ok(screen) => screen,
            Err(DescribeError::SignInAgain) => return Err(PageError::SeeOther(format!("/sign-in?request={id}"))),
            Err(DescribeError::Gone) => return Ok(view! { <Gone /> }.into_any()),
            Err(DescribeError::Refused(fault)) => return Ok(refused(&deps, &fault)),
            Err(DescribeError::Store(error)) => return Err(PageError::ours(&error)),
        };
        let refusal = Refusal::take(&deps, new_workspace::FORM);
        let form_token = viewer.form_token.as_str().to_owned();
        Ok(view! { <Consent screen form_token refusal now=deps.now() /> }.into_any())
    })
}

#[component]
fn Gone() -> impl IntoView {
    set_status(StatusCode::GONE);
    view! {
        <FaultFrame>
            <h1>{CLOSED.0}</h1>
            <p class="muted">{CLOSED.1}</p>
            <p><a class="button" href="/">"Go to Visage"</a></p>
        </FaultFrame>
    }
}

/// What a new request of the app would be told.
fn refused(deps: &Deps, fault: &PageFault) -> AnyView {
    let (status, fault) = page_fault(deps, fault);
    set_status(status);
    view! {
        <Title text=fault.title.clone() />
        <FaultCard fault />
    }
    .into_any()
}

#[component]
fn Consent(screen: ConsentScreen, form_token: String, refusal: Refusal, now: Timestamp) -> impl IntoView {
    let name = shown_name(&screen.publisher, &screen.client_name);
    let request = screen.request.to_string();
    let can_go_on = !screen.workspaces.is_empty();
    view! {
        <main class="consent-page">
            <div class="card consent">
                {Again::asked().map(|again| view! { <AgainNotice again /> })}
                <header class="consent-head">
                    <div class="consent-pair" aria-hidden="true">
                        <ClientTile name=name.clone() logo=screen.logo.clone() />
                        <span class="consent-dots"></span>
                        <span class="tile tile-us">"V"</span>
                    </div>
                    <h1>{copy::headline(&screen.publisher, &name)}</h1>
                    <PublisherEvidence publisher=screen.publisher.clone() claimed=screen.client_name.clone() />
                </header>
                {if can_go_on {
                    view! { <DecisionForm screen name form_token=form_token.clone() now /> }.into_any()
                } else {
                    view! { <NoWorkspace screen name form_token=form_token.clone() refusal now /> }.into_any()
                }}
            </div>
            <OtherAccount request form_token />
        </main>
    }
}

#[component]
fn DecisionForm(screen: ConsentScreen, name: String, form_token: String, now: Timestamp) -> impl IntoView {
    let redirect_uri = screen.redirect_uri.clone();
    let destination = destination(&redirect_uri);
    let purpose = copy::purpose(&screen.publisher, &name);
    let (open_until, clock) = (screen.expires_at.to_rfc3339(), words::clock(screen.expires_at, now));
    view! {
        <form method="post" action=DECISION>
            <input type="hidden" name="request" value=screen.request.to_string() />
            <input type="hidden" name="form_token" value=form_token />
            <GrantingAs screen=screen.clone() now />
            <Tools purpose workspaces=screen.workspaces.clone() />
            <Scopes offered=screen.offered ticked=again::ticked() />
            <SendsBack redirect_uri />
            <footer class="consent-foot">
                <p class="consent-goes small muted">"Sends you to " <b>{destination}</b></p>
                <button class="button button-ghost" type="submit" name="decision" value="cancel">"Cancel"</button>
                <button class="button button-primary" type="submit" name="decision" value="authorize">"Authorize"</button>
            </footer>
            <p class="consent-fine">
                "OAuth 2.1 + PKCE · revoke anytime under Authorized apps · open until " <time datetime=open_until>{clock}</time>
            </p>
        </form>
    }
}

/// Where the answer leads, in few words.
fn destination(redirect_uri: &RedirectUri) -> String {
    match redirect_uri.destination() {
        Destination::Web { host } => host,
        Destination::Loopback => "this computer".to_owned(),
        Destination::PrivateUse { scheme } => format!("an app, by {scheme}:"),
    }
}

#[component]
fn SendsBack(redirect_uri: RedirectUri) -> impl IntoView {
    let destination = destination(&redirect_uri);
    view! {
        <section class="consent-part">
            <div class="consent-row">
                <h2>"Sends you back to"</h2>
                <span class="consent-host">{destination}</span>
            </div>
            <p class="consent-uri"><code>{redirect_uri.as_str().to_owned()}</code></p>
        </section>
    }
}

/// Authorizing needs a workspace; making one leads back to this request.
#[component]
fn NoWorkspace(
    screen: ConsentScreen,
    name: String,
    form_token: String,
    refusal: Refusal,
    now: Timestamp,
) -> impl IntoView {
    let request = screen.request.to_string();
    let blocked = if screen.is_locked {
        view! {
            <p>"This address belongs to a workspace that you are no member of. Ask whoever runs this server to add you, or use the address without a workspace in it."</p>
        }
        .into_any()
    } else {
        view! {
            <p class="muted">{format!("{name} connects to a workspace, and you have none yet. Name one, and this request goes on.")}</p>
            <new_workspace::NewWorkspaceForm request=request.clone() refusal form_token=form_token.clone() />
        }
        .into_any()
    };
    view! {
        <GrantingAs screen now />
        <section class="consent-part stack">{blocked}</section>
        <form class="consent-foot consent-foot-alone" method="post" action=DECISION>
            <input type="hidden" name="request" value=request />
            <input type="hidden" name="form_token" value=form_token />
            <button class="button button-ghost" type="submit" name="decision" value="cancel">"Cancel"</button>
        </form>
    }
}
