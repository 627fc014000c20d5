//! `visage client add`: OAuth clients that the operator vouches for.

use super::{Fault, output};
use crate::start;
use clap::Subcommand;
use usecases::{Deps, client};

#[derive(Debug, Subcommand)]
pub enum Client {
    /// Enter a public OAuth client and print its client_id, or a resource server and print its client_id and client_secret
    Add {
        /// The app's name, as the consent screen shows it
        #[arg(long)]
        name: String,
        /// Where the app may be sent back to; may be repeated
        #[arg(long = "redirect-uri", value_name = "URI", required_unless_present = "resource_server")]
        redirect_uris: Vec<String>,
        /// Not an app but a server that asks /introspect what tokens stand for; its secret is printed this once
        #[arg(long, conflicts_with = "redirect_uris")]
        resource_server: bool,
    },
}

impl Client {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        let Self::Add { name, redirect_uris, resource_server } = self;
        if resource_server {
            let added = client::add_resource_server(deps, &name).await.map_err(|error| start::database(&error))?;
            output::line(added.client.id)?;
            return added.secret.map_or(Ok(()), |secret| output::line(secret.expose()));
        }
        let added = client::add(deps, &name, &redirect_uris).await.map_err(|error| Fault::of(&error))?;
        output::line(added.client.id)
    }
}
