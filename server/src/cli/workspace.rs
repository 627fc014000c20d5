//! `visage workspace create | plan`.

use super::{Fault, output};
use clap::Subcommand;
use domain::{audit::Actor, email::Email};
use usecases::{Deps, user, workspace};

#[derive(Debug, Subcommand)]
pub enum Workspace {
    /// Make a workspace and print its slug
    Create {
        /// The name: your company's or team's
        name: String,
        /// The e-mail address of the account that will own it
        #[arg(long, value_name = "EMAIL")]
        owner: String,
        /// The name in addresses [default: made from the name]
        #[arg(long)]
        slug: Option<String>,
    },
    /// Put a workspace on another plan, effective at once
    Plan {
        /// The workspace
        slug: String,
        /// The plan: free, team or scale
        plan: String,
    },
}

impl Workspace {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        match self {
            Self::Create { name, owner, slug } => create(deps, name, &owner, slug).await,
            Self::Plan { slug, plan } => {
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
