//! `visage workspace create | list | plan | member`.

use super::{Fault, output};
use clap::{
    Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use domain::{audit::Actor, email::Email, role::Role, workspace::Workspace as Opened};
use std::convert::Infallible;
use usecases::{
    Deps, user,
    workspace::{self, Added, OpenError},
};

#[derive(Debug, Subcommand)]
pub enum Workspace {
    /// Make a workspace and print its slug
    Create {
        /// The name: your company's or team's
        name: String,
        /// The email address of the account that will own it
        #[arg(long, value_name = "EMAIL")]
        owner: String,
        /// The name in addresses [default: made from the name]
        #[arg(long)]
        slug: Option<String>,
    },
    /// List all workspaces, with their plans, people and connections
    List,
    /// Put a workspace on another plan, effective at once
    Plan {
        /// The workspace
        slug: String,
        /// The plan: free, team or scale
        #[arg(value_parser = |plan: &str| Ok::<_, Infallible>(plan.to_lowercase()))]
        plan: String,
    },
    /// Add a person to a workspace, change their role, or remove them; without a person: show who belongs to it
    ///
    /// What a removed person connected to the workspace is refused from the next call on. The last owner stays.
    Member {
        /// The workspace
        slug: String,
        /// The email address of the person's account
        #[arg(requires = "change")]
        email: Option<String>,
        /// What the person shall be: viewer, developer, admin or owner
        #[arg(long, group = "change", requires = "email", ignore_case = true, value_parser = role())]
        role: Option<Role>,
        /// Take the person out of the workspace
        #[arg(long, group = "change", requires = "email")]
        remove: bool,
    },
}

/// Takes the names of the roles, and lists them in the help.
fn role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str)).try_map(|name| name.to_lowercase().parse::<Role>())
}

impl Workspace {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        match self {
            Self::Create { name, owner, slug } => create(deps, name, &owner, slug).await,
            Self::List => list(deps).await,
            Self::Member { slug, email, role, .. } => {
                let workspace = find(deps, &slug).await?;
                match (email, role) {
                    (None, _) => members(deps, &workspace).await,
                    (Some(email), Some(role)) => set_member(deps, &workspace, &email, role).await,
                    (Some(email), None) => {
                        let removed = workspace::remove_member(deps, &workspace, &email).await;
                        let user = removed.map_err(|error| Fault::of(&error))?;
                        output::line(format_args!("Removed {} from {slug}", user.email))
                    }
                }
            }
            Self::Plan { slug, plan } => {
                find(deps, &slug).await?;
                let plan = workspace::change_plan(deps, &slug, &plan).await.map_err(|error| Fault::of(&error))?;
                output::line(format_args!(
                    "{slug} is on the plan {}: {} avatar requests and {} new profiles a month",
                    plan.name, plan.limits.avatar_requests, plan.limits.avatar_new_profiles
                ))
            }
        }
    }
}

async fn create(deps: &Deps, name: String, owner: &str, slug: Option<String>) -> Result<(), Fault> {
    let email: Email = owner.parse().map_err(|error| Fault::of(&error))?;
    let users = user::list(deps).await.map_err(|error| Fault::of(&error))?;
    let Some(owner) = users.into_iter().find(|user| user.email == email) else {
        return Err(Fault::new(format!(
            "There is no account with the address {email}: make one with `visage user create` first."
        )));
    };
    let new = workspace::NewWorkspace { name, slug };
    let made = workspace::create(deps, owner.id, new, Actor::Operator).await.map_err(|error| Fault::of(&error))?;
    output::line(made.slug)
}

/// The workspace of this slug, whoever belongs to it.
pub async fn find(deps: &Deps, slug: &str) -> Result<Opened, Fault> {
    workspace::find_by_slug(deps, slug).await.map_err(|error| match error {
        OpenError::NotFound => {
            Fault::new(format!("There is no workspace {slug:?}: `visage workspace list` shows all."))
        }
        OpenError::Store(error) => Fault::of(&error),
    })
}

async fn list(deps: &Deps) -> Result<(), Fault> {
    let lines = workspace::list(deps).await.map_err(|error| Fault::of(&error))?;
    let rows = lines.into_iter().map(|line| {
        let workspace::Line { workspace, people, connections } = line;
        [workspace.slug.to_string(), workspace.name, workspace.plan, people.to_string(), connections.to_string()]
    });
    output::table(["SLUG", "NAME", "PLAN", "PEOPLE", "CONNECTIONS"], rows.collect())
}

async fn members(deps: &Deps, workspace: &Opened) -> Result<(), Fault> {
    let members = workspace::members(deps, workspace).await.map_err(|error| Fault::of(&error))?;
    let rows = members.into_iter().map(|(user, role)| [user.email.to_string(), user.name, role.to_string()]);
    output::table(["EMAIL", "NAME", "ROLE"], rows.collect())
}

async fn set_member(deps: &Deps, workspace: &Opened, email: &str, role: Role) -> Result<(), Fault> {
    let set = workspace::set_member(deps, workspace, email, role).await;
    let (user, added) = set.map_err(|error| Fault::of(&error))?;
    let (email, slug) = (user.email, &workspace.slug);
    match added {
        Added::New => output::line(format_args!("Added {email} to {slug} as {role}")),
        Added::Changed { from } => output::line(format_args!("{email} is now {role} in {slug}, no longer {from}")),
        Added::Already => output::line(format_args!("{email} is {role} in {slug} already")),
    }
}
