//! `/w/{workspace}`: how to connect a client, and where the workspace stands.

use domain::{clock::Timestamp, quota::Meter, role::Role};
use leptos::prelude::*;
use usecases::{
    access::operator::operator,
    notice,
    workspace::{Face, Overview},
};

use super::{
    enter,
    notices::{Notices, Reading},
};
use crate::{
    components::{
        copy_field::{CopyField, Snippet},
        frame::{PageHead, Place, WorkspaceFrame},
        meter::MeterCard,
        notice::{Notice, Tone},
    },
    error::PageError,
    islands::CopyButton,
    pages::page,
    words,
};

#[component]
pub fn OverviewPage() -> impl IntoView {
    page(Place::Overview.title(), async {
        let (deps, member, menu) = enter(Place::Overview).await?;
        let overview = usecases::workspace::overview(&deps, &member).await.map_err(|error| PageError::ours(&error))?;
        let notices = notice::list_urgent(&deps, &menu.viewer, &member).await;
        let notices = notices.map_err(|error| PageError::ours(&error))?;
        let url = deps.settings.public_url.join("/mcp");
        let slug = member.workspace.slug.to_string();
        let reading = Reading {
            slug: slug.clone(),
            form_token: menu.viewer.form_token.as_str().to_owned(),
            place: Place::Overview,
            is_operator: operator(&menu.viewer).is_some(),
            now: deps.now(),
        };
        let sentence = format!(
            "{} · {} plan · you are {}",
            member.workspace.name,
            overview.balance.plan.name,
            in_a_sentence(member.role)
        );
        Ok(view! {
            <WorkspaceFrame menu>
                <PageHead title=Place::Overview.title() sentence=sentence.into_any() />
                <Notices notices reading />
                <OverviewBody overview url slug now=deps.now() />
            </WorkspaceFrame>
        }
        .into_any())
    })
}

const fn in_a_sentence(role: Role) -> &'static str {
    match role {
        Role::Viewer => "a viewer",
        Role::Developer => "a developer",
        Role::Admin => "an admin",
        Role::Owner => "the owner",
    }
}

#[component]
fn OverviewBody(overview: Overview, url: String, slug: String, now: Timestamp) -> impl IntoView {
    let usage = Place::Usage.path(&slug);
    let apps = Place::Apps.path(&slug);
    view! {
        <NextStep people=overview.people connections=overview.connections slug />
        <Connect url />
        <div class="grid-4">
            <a class="card stat stat-link" href=apps>
                <h2>"Connections"</h2>
                <p><b class="stat-number">{words::thousands(overview.connections)}</b></p>
                <p class="small muted">"apps that may look people up"</p>
            </a>
            <section class="card stat">
                <h2>"People"</h2>
                <p><b class="stat-number">{words::thousands(overview.people)}</b></p>
                <Faces faces=overview.faces />
                <p class="small muted">"in the directory"</p>
            </section>
            <MeterCard balance=overview.balance.clone() meter=Meter::AvatarRequests now />
            <MeterCard balance=overview.balance.clone() meter=Meter::AvatarNewProfiles now />
        </div>
        <p class="small"><a href=usage>"See the usage day by day"</a></p>
    }
}

/// What the directory holds, at a glance.
#[component]
fn Faces(faces: Vec<Face>) -> impl IntoView {
    let shown = faces.into_iter().map(|Face { name, url }| {
        view! { <li><img src=url alt=name.clone() title=name width="36" height="36" loading="lazy" /></li> }
    });
    view! { <ul class="faces">{shown.collect_view()}</ul> }
}

/// The one thing to do next, while something is missing.
#[component]
fn NextStep(people: u64, connections: u64, slug: String) -> impl IntoView {
    if people == 0 {
        let command = format!("visage import Connections.csv --workspace {slug}");
        view! {
            <Notice tone=Tone::Plain>
                <p>
                    <b>"Next: import your people. "</b>
                    "The directory is empty, so every lookup answers with initials. On the machine that runs Visage, with a LinkedIn data export:"
                </p>
                <Snippet about="Import command" text=command />
            </Notice>
        }
        .into_any()
    } else if connections == 0 {
        view! {
            <Notice tone=Tone::Plain>
                <p>
                    <b>"Next: connect your AI client. "</b>
                    {format!("{} can be looked up. Paste the connector URL below into your client and authorize it.", words::counted_people(people))}
                </p>
            </Notice>
        }
        .into_any()
    } else {
        ().into_any()
    }
}

/// The connector's address, and how clients take it: those that most people have, and more of the command line.
#[component]
fn Connect(url: String) -> impl IntoView {
    let claude_code = format!("claude mcp add --transport http visage {url}\nclaude mcp login visage");
    let codex = format!("codex mcp add visage --url {url}");
    let opencode = format!("opencode mcp add visage --url {url}\nopencode mcp auth visage");
    let gemini = format!("gemini mcp add --transport http --scope user visage {url}");
    let mcporter = format!("mcporter config add visage {url}\nmcporter auth visage");
    // Nobody else's computer reaches a plain http address of ours.
    let is_local = !url.starts_with("https://");
    let cursor = format!("{{\n  \"mcpServers\": {{\n    \"visage\": {{\n      \"url\": \"{url}\"\n    }}\n  }}\n}}");
    view! {
        <section class="card connect" aria-label="Connect an AI client">
            <CopyField label="Connector URL" name="connector" value=url />
            {is_local.then(|| {
                view! {
                    <p class="small faint">
                        "Programs on this computer, such as Claude Code and Cursor, can use this address. Claude and ChatGPT on the web need a public https one."
                    </p>
                }
            })}
            <div class="guides">
                <Steps title="Claude" steps=["Settings → Connectors", "Add custom connector", "Paste the URL, then authorize"] />
                <Steps
                    title="ChatGPT"
                    steps=["Settings → Apps & Connectors", "Advanced settings: turn on Developer Mode", "Add, paste the URL, then authorize"]
                />
                <Guide title="Claude Code" about="Commands for Claude Code" text=claude_code />
                <Guide title="Cursor" about="Settings for Cursor, in ~/.cursor/mcp.json" text=cursor />
            </div>
            <details class="twin">
                <summary class="small">"Codex, OpenCode, Gemini CLI, mcporter"</summary>
                <div class="guides">
                    <Guide title="Codex" about="Command for Codex" text=codex />
                    <Guide title="OpenCode" about="Commands for OpenCode" text=opencode />
                    <Guide title="Gemini CLI" about="Command for Gemini CLI" text=gemini>
                        <p class="small muted">"Then type " <code>"/mcp auth visage"</code> " in a session."</p>
                    </Guide>
                    <Guide title="mcporter" about="Commands for mcporter" text=mcporter />
                </div>
            </details>
        </section>
    }
}

/// One client that is told by hand.
#[component]
fn Steps(title: &'static str, steps: [&'static str; 3]) -> impl IntoView {
    view! {
        <section class="guide">
            <div class="guide-head">
                <h2>{title}</h2>
            </div>
            <ol class="steps">{steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
        </section>
    }
}

/// One client, the text that it takes, and what is to be done after that.
#[component]
fn Guide(
    title: &'static str,
    about: &'static str,
    text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="guide">
            <div class="guide-head">
                <h2>{title}</h2>
                <CopyButton text=text.clone() about=about.to_owned() />
            </div>
            <pre class="snippet"><code>{unbroken_words(&text)}</code></pre>
            {children.map(|children| children())}
        </section>
    }
}

/// Lines of commands break between words, and within one only where it is longer than the line. Settings are laid out already.
fn unbroken_words(text: &str) -> impl IntoView + use<> {
    if text.starts_with('{') {
        return text.to_owned().into_any();
    }
    let words = text.split_inclusive([' ', '\n']).map(|word| {
        let (word, gap) = word.split_at(word.trim_end().len());
        view! {
            <span class="snippet-word">{word.to_owned()}</span>
            {(!gap.is_empty()).then(|| gap.to_owned())}
        }
    });
    words.collect_view().into_any()
}
