//! `visage key create | list | revoke`.

use super::{Fault, output, workspace};
use clap::{Subcommand, ValueEnum};
use domain::api_key::KeyKind;
use usecases::{
    Deps,
    api_key::{self, RevokeKeyError},
};

#[derive(Debug, Subcommand)]
pub enum Key {
    /// Make a key and print it, once and alone
    Create {
        /// The slug of the workspace that pays
        #[arg(long, value_name = "SLUG")]
        workspace: String,
        /// Publishable keys may stand in pages; secret keys stay on servers
        #[arg(long)]
        kind: Kind,
        /// What the key is for
        #[arg(long)]
        name: String,
        /// A page that may use a publishable key, such as example.com or *.example.com; may be repeated [default: any]
        #[arg(long = "allowed-domain", value_name = "DOMAIN")]
        allowed_domains: Vec<String>,
    },
    /// List the keys of a workspace: how each begins, its kind, name and state
    List {
        /// The slug of the workspace
        #[arg(long, value_name = "SLUG")]
        workspace: String,
    },
    /// End a key, effective on the next request
    Revoke {
        /// How the key begins, as lists show it: sk_7f3eQa
        prefix: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Kind {
    Publishable,
    Secret,
}

impl Key {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        match self {
            Self::Create { workspace, kind, name, allowed_domains } => {
                let workspace = workspace::find(deps, &workspace).await?;
                let kind = match kind {
                    Kind::Publishable => KeyKind::Publishable,
                    Kind::Secret => KeyKind::Secret,
                };
                let new = api_key::NewKey { kind, name, allowed_domains };
                let (_, secret) =
                    api_key::create_as_operator(deps, &workspace, new).await.map_err(|error| Fault::of(&error))?;
                output::line(secret.expose())
            }
            Self::List { workspace } => list(deps, &workspace).await,
            Self::Revoke { prefix } => {
                let revoked = api_key::revoke_by_hint(deps, &prefix).await;
                let key = revoked.map_err(|error| match error {
                    RevokeKeyError::NotFound => Fault::new(format!(
                        "No key that works begins with {prefix:?}: `visage key list --workspace SLUG` shows a workspace's keys."
                    )),
                    other => Fault::of(&other),
                })?;
                output::line(format_args!("Revoked {}… ({})", key.hint, key.name))
            }
        }
    }
}

async fn list(deps: &Deps, slug: &str) -> Result<(), Fault> {
    let workspace = workspace::find(deps, slug).await?;
    let keys = api_key::list_as_operator(deps, &workspace).await.map_err(|error| Fault::of(&error))?;
    let rows = keys.into_iter().map(|key| {
        let state = if key.revoked_at.is_some() { "revoked" } else { "active" };
        [key.hint, key.kind.as_str().to_owned(), key.name, state.to_owned()]
    });
    output::table(["KEY", "KIND", "NAME", "STATE"], rows.collect())
}
