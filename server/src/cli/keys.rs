//! `visage keys rotate`: the keys that identity tokens are signed with.

use super::{Fault, output};
use clap::Subcommand;
use usecases::{
    Deps,
    token::{self, Rotation},
};

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make new signing keys and print their identifiers
    ///
    /// They are published at once and sign from ten minutes on, when every client has had the time to see them. What the old
    /// ones signed verifies until it expires.
    Rotate {
        /// Somebody else may hold the old keys: forget them now, so that nothing they signed verifies any more
        #[arg(long)]
        leaked: bool,
    },
}

impl Keys {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        let Self::Rotate { leaked } = self;
        let rotation = if leaked { Rotation::Leaked } else { Rotation::Planned };
        let rotated = token::rotate(deps, rotation).await.map_err(|error| Fault::of(&error))?;
        if rotated.is_empty() {
            return Err(Fault::new("somebody else changes the keys at this moment: try again"));
        }
        for key in rotated {
            output::line(format_args!("{} {}", key.algorithm.as_str(), key.id))?;
        }
        Ok(())
    }
}
