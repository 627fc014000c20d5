//! `visage import`: people from a LinkedIn data export, a CSV or JSON Lines.

use super::{Fault, output};
use crate::{config::ServerConfig, start};
use clap::Args;
use domain::{audit::Actor, import::RefusedRow};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fs::File,
    io::{self, IsTerminal as _, Read},
    path::{Path, PathBuf},
};
use usecases::{
    profile::import::{ImportReport, import},
    workspace,
};

/// Refused rows that are listed when nobody asked for all.
const LISTED: usize = 50;

/// Read people into a workspace's directory
///
/// Takes Connections.csv of a LinkedIn data export as it is, a CSV with a header, or JSON Lines; photos are paths or https
/// URLs. People who are known already are brought up to date. Works beside a running server.
#[derive(Debug, Args)]
pub struct Import {
    /// The file, or - for standard input
    file: PathBuf,
    /// The slug of the workspace
    #[arg(long, value_name = "SLUG")]
    workspace: String,
    /// List every refused row, not only the first 50
    #[arg(long)]
    all_refusals: bool,
}

impl Import {
    pub async fn run(self, config: &ServerConfig) -> Result<(), Fault> {
        let (reader, length) = self.open()?;
        let deps = start::open_beside(config).await?;
        let workspace = workspace::find_by_slug(&deps, &self.workspace).await.map_err(|error| Fault::of(&error))?;
        let base_dir = self.file.parent().filter(|_| !self.is_stdin()).unwrap_or(Path::new("."));
        let progress = progress(length);
        let report = import(&deps, Actor::Operator, &workspace, reader, base_dir, |read| progress.set_position(read))
            .await
            .map_err(|error| Fault::of(&error));
        progress.finish_and_clear();
        deps.store.clone().close().await;
        self.tell(&report?)
    }

    fn is_stdin(&self) -> bool {
        self.file == Path::new("-")
    }

    /// The bytes to read, and how many there are, where that is known.
    fn open(&self) -> Result<(Box<dyn Read + Send>, Option<u64>), Fault> {
        if self.is_stdin() {
            return Ok((Box::new(io::stdin()), None));
        }
        let cant =
            |error: io::Error| Fault::new(format!("{} can't be read ({error}): check the path.", self.file.display()));
        let file = File::open(&self.file).map_err(cant)?;
        let metadata = file.metadata().map_err(cant)?;
        if metadata.is_dir() {
            return Err(Fault::new(format!("{} is a folder: name the file in it.", self.file.display())));
        }
        Ok((Box::new(file), Some(metadata.len())))
    }

    fn tell(&self, report: &ImportReport) -> Result<(), Fault> {
        output::line(format_args!(
            "read {} / added {} / updated {} / refused {}",
            report.read,
            report.added,
            report.updated,
            report.refused.len()
        ))?;
        if report.unchanged > 0 {
            output::line(format_args!("unchanged {}", report.unchanged))?;
        }
        if report.photos > 0 || !report.photos_refused.is_empty() {
            output::line(format_args!("photos {} / photos refused {}", report.photos, report.photos_refused.len()))?;
        }
        self.list("refused", &report.refused)?;
        self.list("photo refused", &report.photos_refused)
    }

    fn list(&self, what: &str, rows: &[RefusedRow]) -> Result<(), Fault> {
        let listed = if self.all_refusals { rows.len() } else { rows.len().min(LISTED) };
        for row in &rows[..listed] {
            output::remark(format_args!("line {}: {what}: {}", row.line, row.reason))?;
        }
        if listed < rows.len() {
            output::remark(format_args!("… and {} more: --all-refusals lists them", rows.len() - listed))?;
        }
        Ok(())
    }
}

/// A bar on a terminal, nothing elsewhere.
fn progress(length: Option<u64>) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), "{bar:40} {percent}% of {total_bytes}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} read"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
