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
use store::{StoreError, Transaction};

/// The plan of a workspace that nobody put on another.
const FIRST_PLAN: &str = "free";

/// On PostgreSQL, workspaces of one name that are made at the same moment take each other's numbers. Each round of them
/// leaves one made.
const MOST_TRIES: usize = 20;

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
    if let Some(slug) = new.slug.as_deref().filter(|slug| !slug.is_empty()) {
        let slug = slug.parse()?;
        let transaction = deps.store.begin().await?;
        return insert(deps, transaction, owner, name, slug, actor).await.map_err(|error| match error {
            StoreError::Conflict => CreateWorkspaceError::Taken,
            other => CreateWorkspaceError::Store(other),
        });
    }
    let wanted = Slug::from_name(&name);
    let mut tries = 1;
    loop {
        let transaction = deps.store.begin().await?;
        let free = wanted.first_free(&store::workspace::similar_slugs(&transaction, &wanted).await?);
        match insert(deps, transaction, owner, name.clone(), free, actor.clone()).await {
            Err(StoreError::Conflict) if tries < MOST_TRIES => tries += 1,
            done => return Ok(done?),
        }
    }
}

/// Conflicts where the slug is taken. PostgreSQL takes no more statements then, so the transaction ends with that.
async fn insert(
    deps: &Deps,
    transaction: Transaction,
    owner: UserId,
    name: String,
    slug: Slug,
    actor: Actor,
) -> Result<Workspace, StoreError> {
    let now = deps.now();
    let id = WorkspaceId::generate(now, &*deps.entropy);
    let workspace = Workspace { id, slug, name, plan: FIRST_PLAN.to_owned(), created_at: now };
    store::workspace::insert(&transaction, &workspace).await?;
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
