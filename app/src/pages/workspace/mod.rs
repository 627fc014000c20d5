//! The pages of one workspace, each within its menu.

pub mod apps;
mod apps_table;
pub mod connection;
pub mod keys;
mod move_app;
mod notices;
pub mod overview;
pub mod usage;

use usecases::{
    Deps,
    workspace::{Member, OpenError},
};

use crate::{
    components::frame::{Menu, Place, WorkspaceLink},
    error::PageError,
    pages::form_viewer,
    request::{deps, param, see_other, signed_in},
};

/// The workspace that the address names, opened by the viewer, with the menu around its pages.
async fn enter(place: Place) -> Result<(Deps, Member, Menu), PageError> {
    let (deps, viewer, slug) = (deps()?, signed_in()?, param("workspace"));
    let member = usecases::workspace::open(&deps, viewer.user.id, &slug).await.map_err(not_open)?;
    let workspaces =
        usecases::workspace::list_for(&deps, viewer.user.id).await.map_err(|error| PageError::ours(&error))?;
    let workspaces: Vec<WorkspaceLink> = workspaces
        .into_iter()
        .map(|(workspace, role)| WorkspaceLink {
            slug: workspace.slug.to_string(),
            name: workspace.name,
            role: role.label(),
        })
        .collect();
    let here = WorkspaceLink { slug, name: member.workspace.name.clone(), role: member.role.label() };
    Ok((deps, member, Menu { place, here, workspaces, viewer }))
}

/// A form of one workspace, with its sender let in.
struct OpenForm {
    deps: Deps,
    member: Member,
    /// The page that the form stands on.
    page: String,
}

/// Opens a form that was sent from `place`. None where it can't be: then the way on is in the answer already.
async fn open_form(place: Place, workspace: &str, form_token: &str) -> Option<OpenForm> {
    let deps = deps().ok()?;
    let Some(viewer) = form_viewer(form_token) else {
        see_other("/sign-in");
        return None;
    };
    let Ok(member) = usecases::workspace::open(&deps, viewer.user.id, workspace).await else {
        see_other("/");
        return None;
    };
    let page = place.path(member.workspace.slug.as_str());
    Some(OpenForm { deps, member, page })
}

fn not_open(error: OpenError) -> PageError {
    match error {
        OpenError::NotFound => PageError::NotFound,
        OpenError::Store(error) => PageError::ours(&error),
    }
}
