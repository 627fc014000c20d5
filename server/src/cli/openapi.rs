//! `visage openapi`.

use super::{Fault, output};
use crate::{config::ServerConfig, openapi};
use std::{path::Path, process::ExitCode};

pub fn run(config: Option<&Path>) -> Result<ExitCode, Fault> {
    let config = ServerConfig::load(config)?;
    let settings = config.settings(config.listen.port());
    let document = openapi::document(&settings.public_url);
    output::line(format_args!("{document:#}"))?;
    Ok(ExitCode::SUCCESS)
}
