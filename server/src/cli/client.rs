//! `visage client add`: OAuth clients that the operator vouches for.

use super::{Fault, output};
use clap::Subcommand;
use usecases::{Deps, client};

#[derive(Debug, Subcommand)]
pub enum Client {
    /// Enter a public OAuth client and print its client_id
    Add {
        /// The app's name, as the consent screen shows it
        #[arg(long)]
        name: String,
        /// Where the app may be sent back to; may be repeated
        #[arg(long = "redirect-uri", value_name = "URI", required = true)]
        redirect_uris: Vec<String>,
    },
}

impl Client {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        let Self::Add { name, redirect_uris } = self;
        let added = client::add(deps, &name, &redirect_uris).await.map_err(|error| Fault::of(&error))?;
        output::line(added.client.id)
    }
}
