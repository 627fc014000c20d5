//! Every workspace at a glance, for the command line.

use crate::{Deps, grant};
use domain::workspace::Workspace;
use store::StoreError;

/// A workspace and what is in it.
#[derive(Debug, Clone)]
pub struct Line {
    pub workspace: Workspace,
    /// People in the directory.
    pub people: u64,
    /// Everybody’s, as the apps page lists them.
    pub connections: u64,
}

/// By slug.
pub async fn list(deps: &Deps) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::new();
    for workspace in store::workspace::list(&deps.store).await? {
        let people = store::profile::count(&deps.store, workspace.id).await?;
        let connections =
            store::grant::count_for_workspace(&deps.store, workspace.id, grant::codes_since(deps)).await?;
        lines.push(Line { workspace, people, connections });
    }
    Ok(lines)
}
