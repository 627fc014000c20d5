//! What the doctor found, told line by line.

use crate::cli::{Fault, output};
use domain::doctor::{Report, Verdict};
use std::{fmt::Display, process::ExitCode};

pub struct Findings {
    faults: usize,
    warnings: usize,
}

impl Findings {
    pub const fn new() -> Self {
        Self { faults: 0, warnings: 0 }
    }

    pub fn well(&mut self, what: impl Display) -> Result<(), Fault> {
        output::line(format_args!("ok     {what}"))
    }

    /// Something that works, and yet some client may trip over it.
    pub fn warn(&mut self, what: impl Display) -> Result<(), Fault> {
        self.warnings += 1;
        output::line(format_args!("warn   {what}"))
    }

    /// Something that would fail; `what` says what to do about it.
    pub fn fail(&mut self, what: impl Display) -> Result<(), Fault> {
        self.faults += 1;
        output::line(format_args!("FAIL   {what}"))
    }

    /// A walk, each finding with its way out below it.
    pub fn tell(&mut self, report: &Report) -> Result<(), Fault> {
        for finding in &report.findings {
            let what = format_args!("{}: {}", finding.leg.title().to_lowercase(), finding.what).to_string();
            match finding.verdict {
                Verdict::Pass => self.well(what)?,
                Verdict::Warn => self.warn(what)?,
                Verdict::Fail => self.fail(what)?,
            }
            if let Some(fix) = &finding.fix {
                output::line(format_args!("       {fix}"))?;
            }
        }
        Ok(())
    }

    pub fn conclude(self) -> Result<ExitCode, Fault> {
        match self.faults {
            0 => {
                output::line(match self.warnings {
                    0 => "Everything is well.",
                    1 => "Nothing would fail. See the line above that begins with warn.",
                    _ => "Nothing would fail. See the lines above that begin with warn.",
                })?;
                Ok(ExitCode::SUCCESS)
            }
            1 => Err(Fault::new("One thing would fail: see the line above that begins with FAIL.")),
            faults => Err(Fault::new(format!("{faults} things would fail: see the lines above that begin with FAIL."))),
        }
    }
}
