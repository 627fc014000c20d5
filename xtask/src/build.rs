//! Everything that makes the program, in the order in which one part needs the other.

use std::path::PathBuf;

use anyhow::Result;

use crate::{
    front::{self, Profile},
    server, shell, styles,
};

/// Builds the binary with all that it carries and tells where it lies. Each step says beforehand how long it may take, so
/// that nobody takes the first build for one that hangs.
pub fn everything(profile: Profile) -> Result<PathBuf> {
    let [bundle, sheet, binary] = steps(profile);
    shell::announce(&bundle);
    front::build(profile)?;
    shell::announce(&sheet);
    styles::build()?;
    shell::announce(&binary);
    server::build(profile)
}

/// Builds the binary that is meant to be run for real: it carries its pages, styles and scripts, and needs no file beside
/// it. Its path goes to stdout, alone.
pub fn release() -> Result<()> {
    let binary = everything(Profile::Release)?;
    println!("{}", binary.display());
    Ok(())
}

/// What comes, and how long it takes on two cores.
fn steps(profile: Profile) -> [String; 3] {
    let (bundle, binary) = match profile {
        Profile::Development => ("3 minutes", "7 minutes"),
        Profile::Release => ("6 minutes", "15 minutes"),
    };
    [
        format!("1 of 3: the wasm bundle (the first time about {bundle} on two cores)"),
        "2 of 3: the style sheet (a second)".to_owned(),
        format!("3 of 3: the server (the first time about {binary} on two cores)"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_says_its_place_and_how_long_it_takes() {
        for profile in [Profile::Development, Profile::Release] {
            for (number, step) in (1..).zip(steps(profile)) {
                assert!(step.starts_with(&format!("{number} of 3: ")), "{step}");
                assert!(step.contains("minutes") || step.contains("second"), "{step}");
            }
        }
    }
}
