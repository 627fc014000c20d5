//! What stands around a page's content: the workspace's menu, or nothing but the name.

use leptos::{children::Children, prelude::*, server_fn::ServerFn};
use usecases::access::session::Viewer;

use crate::{components::initials::Initials, pages::account::SignOut};

/// A page of its own, without a menu: one card under the name.
#[component]
pub fn PlainFrame(
    /// Wider than a form needs.
    #[prop(optional)]
    is_wide: bool,
    children: Children,
) -> impl IntoView {
    let card_class = if is_wide { "card plain-card plain-card-wide stack" } else { "card plain-card stack" };
    view! {
        <main class="plain-page">
            <Brand />
            <div class=card_class>{children()}</div>
        </main>
    }
}

/// A page that says why there is no other, in the middle of what is in view.
#[component]
pub fn FaultFrame(children: Children) -> impl IntoView {
    view! {
        <main class="plain-page fault-page">
            <Brand />
            <div class="card plain-card fault-card stack">{children()}</div>
        </main>
    }
}

/// The name, which leads to the start.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href="/">
            <span class="brand-mark" aria-hidden="true">"V"</span>
            "Visage"
        </a>
    }
}

/// The pages of a workspace, as the menu and their headings call them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Overview,
    Usage,
    Keys,
    Apps,
}

impl Place {
    const ALL: [Self; 4] = [Self::Overview, Self::Usage, Self::Keys, Self::Apps];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Usage => "Usage",
            Self::Keys => "Keys",
            Self::Apps => "Authorized apps",
        }
    }

    pub fn path(self, workspace: &str) -> String {
        match self {
            Self::Overview => format!("/w/{workspace}"),
            place => format!("/w/{workspace}/{}", place.segment()),
        }
    }

    const fn segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Usage => "usage",
            Self::Keys => "keys",
            Self::Apps => "apps",
        }
    }
}

/// A workspace as the switcher names it.
#[derive(Debug, Clone)]
pub struct WorkspaceLink {
    pub slug: String,
    pub name: String,
    pub role: &'static str,
}

/// Everything that the menu shows.
#[derive(Debug, Clone)]
pub struct Menu {
    pub place: Place,
    pub here: WorkspaceLink,
    pub workspaces: Vec<WorkspaceLink>,
    pub viewer: Viewer,
}

/// A page of a workspace: menu on the left (above, on a phone), content beside it.
#[component]
pub fn WorkspaceFrame(menu: Menu, children: Children) -> impl IntoView {
    let Menu { place, here, workspaces, viewer } = menu;
    let slug = here.slug.clone();
    view! {
        <a class="skip" href="#content">"Skip to the content"</a>
        <div class="shell">
            <header class="side">
                <Switcher here workspaces is_operator=viewer.user.is_operator() />
                <nav aria-label="Workspace" class="menu">
                    {Place::ALL
                        .into_iter()
                        .map(|entry| {
                            view! {
                                <a href=entry.path(&slug) aria-current=(entry == place).then_some("page")>
                                    {entry.title()}
                                </a>
                            }
                        })
                        .collect_view()}
                </nav>
                <SideFoot viewer />
            </header>
            <main class="page" id="content">{children()}</main>
        </div>
    }
}

/// The pages of the server itself, for whoever runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerPlace {
    Clients,
    NewClient,
    Rules,
    Attempts,
}

impl ServerPlace {
    const ALL: [Self; 4] = [Self::Clients, Self::Rules, Self::NewClient, Self::Attempts];

    pub const fn title(self) -> &'static str {
        match self {
            Self::Clients => "Clients",
            Self::Rules => "Rules for clients",
            Self::NewClient => "Add a client",
            Self::Attempts => "Attempts to connect",
        }
    }

    pub const fn path(self) -> &'static str {
        match self {
            Self::Clients => "/server/clients",
            Self::Rules => "/server/rules",
            Self::NewClient => "/server/clients/new",
            Self::Attempts => "/server/attempts",
        }
    }
}

/// A page of the server: its menu on the left (above, on a phone), content beside it.
#[component]
pub fn ServerFrame(place: ServerPlace, viewer: Viewer, children: Children) -> impl IntoView {
    view! {
        <a class="skip" href="#content">"Skip to the content"</a>
        <div class="shell">
            <header class="side">
                <div class="side-name">
                    <Brand />
                    <span class="faint small">"This server"</span>
                </div>
                <nav aria-label="Server" class="menu">
                    {ServerPlace::ALL
                        .into_iter()
                        .map(|entry| {
                            view! {
                                <a href=entry.path() aria-current=(entry == place).then_some("page")>{entry.title()}</a>
                            }
                        })
                        .collect_view()}
                    <a class="menu-back" href="/">"Back to your workspace"</a>
                </nav>
                <SideFoot viewer />
            </header>
            <main class="page" id="content">{children()}</main>
        </div>
    }
}

/// Who is signed in, and the way out.
#[component]
fn SideFoot(viewer: Viewer) -> impl IntoView {
    view! {
        <div class="side-foot">
            <a class="side-account" href="/account" title=viewer.user.email.to_string()>
                {viewer.user.name.clone()}
            </a>
            <form method="post" action=SignOut::PATH>
                <input type="hidden" name="form_token" value=viewer.form_token.as_str().to_owned() />
                <button class="button button-small button-ghost" type="submit">"Sign out"</button>
            </form>
        </div>
    }
}

/// Opens without a script; the list holds every workspace of the viewer and the way to a new one.
#[component]
fn Switcher(here: WorkspaceLink, workspaces: Vec<WorkspaceLink>, is_operator: bool) -> impl IntoView {
    let current = here.slug.clone();
    view! {
        <details class="switcher">
            <summary>
                <Initials name=here.name.clone() />
                <span class="switcher-name">{here.name.clone()}</span>
                <span class="switcher-mark" aria-hidden="true"></span>
            </summary>
            <ul class="switcher-list">
                {workspaces
                    .into_iter()
                    .map(|workspace| {
                        let is_here = workspace.slug == current;
                        view! {
                            <li>
                                <a href=Place::Overview.path(&workspace.slug) aria-current=is_here.then_some("true")>
                                    <Initials name=workspace.name.clone() />
                                    <span class="switcher-name">{workspace.name.clone()}</span>
                                    <span class="faint small">{workspace.role}</span>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
                <li class="switcher-more"><a href="/new-workspace">"New workspace"</a></li>
                <li><a href="/account">"Account"</a></li>
                {is_operator.then(|| view! { <li><a href=ServerPlace::Clients.path()>"This server"</a></li> })}
            </ul>
        </details>
    }
}

/// A page's heading, with one sentence under it and what belongs to its right.
#[component]
pub fn PageHead(
    title: &'static str,
    #[prop(into)] sentence: AnyView,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <p class="muted small">{sentence}</p>
            </div>
            {children.map(|children| children())}
        </div>
    }
}
