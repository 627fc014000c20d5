//! A new workspace, owned by whoever makes it.

use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    id::{UserId, WorkspaceId},
    role::Role,
    slug::{InvalidSlug, Slug},
    workspace::{Membership, MissingWorkspaceName, Workspace, workspace_name},
};
use serde_json::json;
use store::StoreError;

/// The plan of a workspace that nobody put on another.
const FIRST_PLAN: &str = "free";

/// What somebody typed. Without a slug the name gives one.
pub struct NewWorkspace {
    pub name: String,
    pub slug: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum CreateWorkspaceError {
    #[error(transparent)]
    Name(#[from] MissingWorkspaceName),
    #[error(transparent)]
    Slug(#[from] InvalidSlug),
    #[error("that slug is taken: choose another")]
    Taken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn create(
    deps: &Deps,
    owner: UserId,
    new: NewWorkspace,
    actor: Actor,
) -> Result<Workspace, CreateWorkspaceError> {
    let name = workspace_name(&new.name)?;
    let wanted = new.slug.as_deref().filter(|slug| !slug.is_empty()).map(str::parse::<Slug>).transpose()?;
    let transaction = deps.store.begin().await?;
    let slug = match wanted {
        Some(slug) if store::workspace::find_by_slug(&transaction, &slug).await?.is_some() => {
            return Err(CreateWorkspaceError::Taken);
        }
        Some(slug) => slug,
        None => {
            let plain = Slug::from_name(&name);
            let mut free = plain.clone();
            let mut number = 1;
            while store::workspace::find_by_slug(&transaction, &free).await?.is_some() {
                number += 1;
                free = plain.numbered(number);
            }
            free
        }
    };
    let now = deps.now();
    let workspace = Workspace {
        id: WorkspaceId::generate(now, &*deps.entropy),
        slug,
        name,
        plan: FIRST_PLAN.to_owned(),
        created_at: now,
    };
    store::workspace::insert(&transaction, &workspace).await.map_err(|error| match error {
        StoreError::Conflict => CreateWorkspaceError::Taken,
        other => CreateWorkspaceError::Store(other),
    })?;
    let membership = Membership { user: owner, workspace: workspace.id, role: Role::Owner, created_at: now };
    store::membership::insert(&transaction, &membership).await?;
    let entry = Entry {
        workspace: Some(workspace.id),
        actor,
        action: Action::WorkspaceCreated,
        target: workspace.slug.to_string(),
        detail: json!({ "owner": owner }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(workspace)
}
