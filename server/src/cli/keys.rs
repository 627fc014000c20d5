//! `visage keys rotate`: the keys that identity tokens are signed with.

use super::{Fault, output};
use clap::Subcommand;
use usecases::{
    Deps,
    token::{self, Rotated, Rotation},
};

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make new signing keys; print each one's algorithm and identifier, and from when on it signs
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
            return Err(Fault::new("Somebody else changes the keys at this moment: try again."));
        }
        for rotated in rotated {
            let (algorithm, id) = (rotated.key.algorithm.as_str(), &rotated.key.id);
            output::line(format_args!("{algorithm} {id} {}", what_follows(&rotated, rotation)))?;
        }
        Ok(())
    }
}

fn what_follows(rotated: &Rotated, rotation: Rotation) -> String {
    let from = rotated.signs_from.to_rfc3339();
    match (&rotated.replaced, rotation) {
        (Some(replaced), _) => format!(
            "signs from {from}; {}, which it replaces, verifies until {}",
            replaced.id,
            replaced.verifies_until.to_rfc3339()
        ),
        (None, Rotation::Leaked) => format!("signs from {from}; nothing that was signed before verifies any more"),
        (None, Rotation::Planned) => format!("signs from {from}; it is the first"),
    }
}
