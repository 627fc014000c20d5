//! The accounts and workspaces of the demo.

use super::DemoError;
use crate::{
    Deps,
    audit::{self, Entry},
    user::{self, NewUser},
    workspace::{self, NewWorkspace},
};
use domain::{
    audit::{Action, Actor},
    role::Role,
    user::User,
    workspace::{Membership, Workspace},
};
use serde_json::json;

/// Of every account of the demo.
pub const PASSWORD: &str = "poetical-science";

pub struct Team {
    pub owner: User,
    pub colleagues: Vec<User>,
    pub first: Workspace,
    /// So that there is something to switch to.
    pub second: Workspace,
}

pub async fn gather(deps: &Deps) -> Result<Team, DemoError> {
    let owner = account(deps, "ada@analytical.example", "Ada Lovelace").await?;
    let first = found(deps, &owner, "Analytical Engines").await?;
    workspace::change_plan(deps, first.slug.as_str(), "team").await?;
    let second = found(deps, &owner, "Difference Works").await?;
    let mut colleagues = Vec::new();
    for (email, name, role) in [
        ("charles@analytical.example", "Charles Bennet", Role::Admin),
        ("mary@analytical.example", "Mary Fairfax", Role::Developer),
        ("luigi@analytical.example", "Luigi Menabrea", Role::Viewer),
    ] {
        let user = account(deps, email, name).await?;
        join(deps, &first, &user, role).await?;
        colleagues.push(user);
    }
    Ok(Team { owner, colleagues, first, second })
}

async fn account(deps: &Deps, email: &str, name: &str) -> Result<User, DemoError> {
    let new = NewUser { email: email.to_owned(), name: name.to_owned(), password: PASSWORD.to_owned() };
    Ok(user::create(deps, new, Actor::System).await?)
}

async fn found(deps: &Deps, owner: &User, name: &str) -> Result<Workspace, DemoError> {
    let new = NewWorkspace { name: name.to_owned(), slug: None };
    Ok(workspace::create(deps, owner.id, new, Actor::System).await?)
}

async fn join(deps: &Deps, workspace: &Workspace, user: &User, role: Role) -> Result<(), DemoError> {
    let transaction = deps.store.begin().await?;
    let membership = Membership { user: user.id, workspace: workspace.id, role, created_at: deps.now() };
    store::membership::insert(&transaction, &membership).await?;
    let entry = Entry {
        workspace: Some(workspace.id),
        actor: Actor::System,
        action: Action::MemberAdded,
        target: user.id.to_string(),
        detail: json!({ "role": role }),
    };
    audit::record(deps, &transaction, entry).await?;
    transaction.commit().await?;
    Ok(())
}
