//! `visage key create | revoke`.

use super::{Fault, output};
use clap::{Subcommand, ValueEnum};
use domain::api_key::KeyKind;
use usecases::{Deps, api_key, workspace};

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
                let workspace = workspace::find_by_slug(deps, &workspace).await.map_err(|error| Fault::of(&error))?;
                let kind = match kind {
                    Kind::Publishable => KeyKind::Publishable,
                    Kind::Secret => KeyKind::Secret,
                };
                let new = api_key::NewKey { kind, name, allowed_domains };
                let (_, secret) = api_key::create_as_operator(deps, &workspace, new)
                    .await
                    .map_err(|error| Fault::of(&error))?;
                output::line(secret.expose())
            }
            Self::Revoke { prefix } => {
                let key = api_key::revoke_by_hint(deps, &prefix).await.map_err(|error| Fault::of(&error))?;
                output::line(format_args!("Revoked {}… ({})", key.hint, key.name))
            }
        }
    }
}
