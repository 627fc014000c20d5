//! Schemathesis, which reads the OpenAPI document and sends what it describes, and what it forbids, to the server.

use std::{fs, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{
    fixtures::{folder, root},
    setup,
    visage::Visage,
};

/// Holds the server against its own document, as the configuration `who` of `clients/schemathesis` says. `holds` are the
/// variables that the configuration asks for. Fails where an answer is not as the document says.
pub fn ensure_document_is_kept(visage: &Visage, who: &str, holds: &[(&str, &str)]) -> Result<()> {
    let program = setup::schemathesis()?;
    let configuration = folder().join("clients/schemathesis").join(format!("{who}.toml"));
    let reports = root().join("target/journeys/schemathesis");
    let output = Command::new(&program)
        .arg("--config-file")
        .arg(&configuration)
        .arg("run")
        .arg(visage.url("/v1/openapi.json"))
        .arg("--report-ndjson-path")
        .arg(reports.join(format!("{who}.ndjson")))
        .current_dir(visage.home.folder())
        .env("NO_COLOR", "1")
        .env("COLUMNS", "120")
        .envs(holds.iter().copied())
        .output()
        .with_context(|| format!("{} could not be started", program.display()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "{who} was not answered as the document says:\n{}", shortened(&said));
    ensure!(said.contains("Test cases:"), "nothing was tested:\n{}", shortened(&said));
    fs::write(reports.join(format!("{who}.txt")), summary(&said))?;
    Ok(())
}

/// How much was tried.
fn summary(said: &str) -> String {
    said.split_once("SUMMARY").map_or(said, |(_, summary)| summary).trim_matches(['=', ' ', '\n']).to_owned()
}

/// Without the walls of text that a reproduction of a long address is.
fn shortened(said: &str) -> String {
    said.lines().map(|line| line.chars().take(400).collect::<String>() + "\n").collect()
}
