//! What the connection will be able to do, for this person: the tools, and which of them their role in the workspace refuses.

use domain::{
    role::{Permission, Role},
    workspace::Workspace,
};
use leptos::prelude::*;

/// Behind a workspace's choice whose role may not read keys; the style shows what holds for the one that is chosen.
pub const KEYLESS: &str = "choice-keyless";

/// How many workspaces a sentence names.
const MOST_NAMED: usize = 3;

/// Whether `get_publishable_key` answers somebody with this role.
pub fn gives_keys(role: Role) -> bool {
    role.may(Permission::ViewKeys)
}

#[component]
pub fn Tools(purpose: String, workspaces: Vec<(Workspace, Role)>) -> impl IntoView {
    let refused = refused_in(&workspaces);
    let is_given = workspaces.iter().any(|(_, role)| gives_keys(*role));
    view! {
        <section class="consent-part">
            <h2>"What it can do"</h2>
            <ul class="marks">
                <li class="mark-yes">
                    {purpose}
                    <span class="mark-detail"><code>"get_profile_avatar"</code> " · " <code>"get_profile"</code></span>
                </li>
                {is_given
                    .then(|| {
                        view! {
                            <li class=if refused.is_some() { "mark-yes keys-given" } else { "mark-yes" }>
                                "Make links to the photos of whole lists of people, for documents and emails"
                                <span class="mark-detail"><code>"get_publishable_key"</code> ", once connected"</span>
                            </li>
                        }
                    })}
                {refused
                    .map(|why| {
                        view! {
                            <li class=if is_given { "mark-no keys-refused" } else { "mark-no" }>
                                "The workspace’s key itself is not handed out: " {why}
                                <span class="mark-detail"><code>"get_publishable_key"</code> " needs the role Developer"</span>
                            </li>
                        }
                    })}
                <li class="mark-yes">"Read-only: it can’t write or delete data, change billing, or message your team"</li>
            </ul>
        </section>
    }
}

/// `your role in Analytical Engines is Viewer`; none where every role gives keys.
fn refused_in(workspaces: &[(Workspace, Role)]) -> Option<String> {
    let keyless: Vec<_> = workspaces.iter().filter(|(_, role)| !gives_keys(*role)).collect();
    let (_, role) = keyless.first()?;
    let names: Vec<&str> = keyless.iter().map(|(workspace, _)| workspace.name.as_str()).collect();
    let place = if names.len() > MOST_NAMED { "this workspace".to_owned() } else { names.join(" and in ") };
    Some(format!("your role in {place} is {}", role.label()))
}
