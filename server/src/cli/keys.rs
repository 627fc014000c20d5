//! `visage keys rotate`: the keys that identity tokens are signed with.

use super::{Fault, output};
use clap::Subcommand;
use usecases::{Deps, token};

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make new signing keys current and print their identifiers; the old ones verify until their last token has expired
    Rotate,
}

impl Keys {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        let Self::Rotate = self;
        let rotated = token::rotate(deps).await.map_err(|error| Fault::of(&error))?;
        for key in rotated {
            output::line(format_args!("{} {}", key.algorithm.as_str(), key.id))?;
        }
        Ok(())
    }
}
