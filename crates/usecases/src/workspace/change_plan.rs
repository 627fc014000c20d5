//! Putting a workspace on another plan, effective at once.

use super::{OpenError, find_by_slug};
use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    quota::Plan,
};
use serde_json::json;
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum ChangePlanError {
    #[error(
        "there is no workspace {0:?}: use the slug that `visage workspace create` printed, as in its pages' addresses"
    )]
    NoWorkspace(String),
    #[error("there is no plan {wanted:?}: use {known}")]
    NoPlan { wanted: String, known: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn change_plan(deps: &Deps, slug: &str, plan: &str) -> Result<Plan, ChangePlanError> {
    let workspace = find_by_slug(deps, slug).await.map_err(|error| match error {
        OpenError::NotFound => ChangePlanError::NoWorkspace(slug.to_owned()),
        OpenError::Store(error) => ChangePlanError::Store(error),
    })?;
    let Some(found) = store::plan::find(&deps.store, plan).await? else {
        let known: Vec<String> = store::plan::list(&deps.store).await?.into_iter().map(|plan| plan.id).collect();
        return Err(ChangePlanError::NoPlan { wanted: plan.to_owned(), known: known.join(", ") });
    };
    let transaction = deps.store.begin().await?;
    store::workspace::set_plan(&transaction, workspace.id, &found.id).await?;
    let entry = Entry {
        workspace: Some(workspace.id),
        actor: Actor::Operator,
        action: Action::PlanChanged,
        target: workspace.slug.to_string(),
        detail: json!({ "from": workspace.plan, "to": found.id }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(found)
}
