//! The demo's house: invented people with drawn portraits, connected apps, keys, and a month of usage. Only ever written to
//! a throw-away database.

mod apps;
mod chance;
mod diary;
mod month;
mod people;
mod rules;
mod team;

use crate::{
    Deps,
    client::RegisterError,
    client_policy::AddRuleError,
    user::CreateUserError,
    workspace::{ChangePlanError, CreateWorkspaceError},
};
use domain::{linkedin_url::VanityName, user::User, workspace::Workspace};
use std::io;
use store::StoreError;

/// What somebody needs to look around. The user runs the server, too.
#[derive(Debug, Clone)]
pub struct Demo {
    pub user: User,
    pub password: &'static str,
    pub workspace: Workspace,
    /// A publishable key of the workspace that any page may use.
    pub key: String,
    /// Somebody who can be looked up.
    pub person: VanityName,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    User(#[from] CreateUserError),
    #[error(transparent)]
    Workspace(#[from] CreateWorkspaceError),
    #[error(transparent)]
    Plan(#[from] ChangePlanError),
    #[error(transparent)]
    Client(#[from] RegisterError),
    #[error(transparent)]
    Rule(#[from] AddRuleError),
    #[error("a portrait could not be drawn")]
    Portrait,
    #[error("the demo has nobody to show")]
    Nobody,
    #[error("a portrait could not be written to the data folder: {0}")]
    PhotoFile(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Fills an empty, migrated database.
pub async fn fill(deps: &Deps) -> Result<Demo, DemoError> {
    let team = team::gather(deps).await?;
    let portraits = people::sit_for_portraits(deps).await?;
    people::move_in(deps, &team.first, people::ALL, &portraits).await?;
    people::move_in(deps, &team.second, &people::ALL[..5], &portraits).await?;
    let payers = apps::connect(deps, &team).await?;
    rules::lay_down(deps).await?;
    month::go_by(deps, &team.first, &payers).await?;
    let keys = store::api_key::list(&deps.store, team.first.id).await?;
    let key = keys.into_iter().filter(|key| key.allowed_domains.is_empty()).find_map(|key| key.readable);
    let person = people::ALL.first().and_then(|person| VanityName::parse_username(person.vanity).ok());
    let (key, person) = key.zip(person).ok_or(DemoError::Nobody)?;
    Ok(Demo { user: team.owner, password: team::PASSWORD, workspace: team.first, key, person })
}
