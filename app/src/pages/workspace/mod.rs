//! The pages of one workspace, each within its menu.

pub mod apps;
pub mod keys;
pub mod overview;
pub mod usage;

use usecases::{
    Deps,
    workspace::{Member, OpenError},
};

use crate::{
    components::frame::{Menu, Place, WorkspaceLink},
    error::PageError,
    request::{deps, param, signed_in},
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

fn not_open(error: OpenError) -> PageError {
    match error {
        OpenError::NotFound => PageError::NotFound,
        OpenError::Store(error) => PageError::ours(&error),
    }
}
