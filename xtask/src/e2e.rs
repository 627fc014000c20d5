//! The journeys through the built binary, with a browser and with real MCP clients.

use anyhow::Result;

use crate::{
    front::{self, Profile},
    server, shell, styles, test_tools,
};

/// Builds what the journeys drive, then walks those whose names contain `filter`.
pub fn e2e(filter: Option<&str>) -> Result<()> {
    test_tools::ensure()?;
    front::build(Profile::Development)?;
    styles::build()?;
    server::build(Profile::Development)?;
    walk(filter)
}

/// Walks the journeys through the binary that is there.
pub fn walk(filter: Option<&str>) -> Result<()> {
    server::build_stand_ins()?;
    let mut cargo = shell::cargo();
    cargo.args(["test", "--package", "end2end", "--no-fail-fast", "--"]).args(filter).arg("--nocapture");
    cargo.env("VISAGE_BIN", server::binary(Profile::Development));
    shell::run(&mut cargo)
}
