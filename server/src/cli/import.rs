//! `visage import`: people from a LinkedIn data export, a CSV or JSON Lines.

use super::{Fault, output, workspace};
use crate::{
    config::ServerConfig,
    start::{self, WithoutDatabase},
};
use clap::Args;
use domain::{audit::Actor, import::RefusedRow};
use indicatif::{ProgressBar, ProgressStyle};
use std::{
    fs::File,
    io::{self, IsTerminal as _, Read},
    path::{Path, PathBuf},
};
use usecases::{
    Deps,
    profile::import::{ImportReport, Progress, import},
};

/// Refused rows that are listed when nobody asked for all.
const LISTED: usize = 50;
/// A log is told of every so many rows.
const TOLD: u64 = 10_000;

/// Read people into a workspace's directory
///
/// Takes Connections.csv of a LinkedIn data export as it is, a CSV with a header, or JSON Lines; photos are paths
/// (relative ones start at the file's folder) or https URLs. People who are known already are brought up to date. Works beside a running server.
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
        let deps = start::open_beside(config, WithoutDatabase::Refuse).await?;
        let done = self.read(&deps, reader, length).await;
        deps.store.clone().close().await;
        self.tell(&done?)
    }

    async fn read(&self, deps: &Deps, reader: impl Read + Send, length: Option<u64>) -> Result<ImportReport, Fault> {
        let workspace = workspace::find(deps, &self.workspace).await?;
        let base_dir = self.file.parent().filter(|_| !self.is_stdin()).unwrap_or(Path::new("."));
        let mut meter = Meter::new(length);
        let report = import(deps, Actor::Operator, &workspace, reader, base_dir, |progress| meter.tell(progress)).await;
        meter.end();
        report.map_err(|error| Fault::of(&error))
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
        let refused = report.refused.len() as u64;
        // Rows that tell of one person are written as one.
        let merged = report.read.saturating_sub(report.added + report.updated + report.unchanged + refused);
        let mut counts = vec![
            ("read", report.read),
            ("added", report.added),
            ("updated", report.updated),
            ("unchanged", report.unchanged),
        ];
        if merged > 0 {
            counts.push(("repeated", merged));
        }
        counts.push(("refused", refused));
        for (what, count) in counts {
            output::line(format_args!("{what:>14} {count}"))?;
        }
        if report.photos > 0 || !report.photos_refused.is_empty() {
            output::line(format_args!("{:>14} {}", "photos", report.photos))?;
            output::line(format_args!("{:>14} {}", "photos refused", report.photos_refused.len()))?;
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

/// How far it is: a bar on a terminal, a line now and then in a log.
enum Meter {
    Bar(ProgressBar),
    Log { told: u64 },
}

impl Meter {
    fn new(length: Option<u64>) -> Self {
        if !io::stderr().is_terminal() {
            return Self::Log { told: 0 };
        }
        let (bar, template) = match length {
            Some(length) => (ProgressBar::new(length), "{bar:40} {percent}% of {total_bytes}, {eta} left"),
            None => (ProgressBar::new_spinner(), "{spinner} {bytes} read"),
        };
        Self::Bar(match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }

    fn tell(&mut self, progress: Progress) {
        match self {
            Self::Bar(bar) => bar.set_position(progress.bytes),
            Self::Log { told } => {
                let now = progress.rows / TOLD * TOLD;
                if now > *told {
                    *told = now;
                    // A log that can't be written must not end the import.
                    let _ = output::remark(format_args!("{now} rows read …"));
                }
            }
        }
    }

    fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
