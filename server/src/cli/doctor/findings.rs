//! What the doctor found, told line by line.

use crate::cli::{Fault, output};
use std::{fmt::Display, process::ExitCode};

pub struct Findings {
    faults: usize,
}

impl Findings {
    pub const fn new() -> Self {
        Self { faults: 0 }
    }

    pub fn well(&mut self, what: impl Display) -> Result<(), Fault> {
        output::line(format_args!("ok     {what}"))
    }

    /// Something that works, and yet some client may trip over it.
    pub fn warn(&mut self, what: impl Display) -> Result<(), Fault> {
        output::line(format_args!("warn   {what}"))
    }

    /// Something that would fail; `what` says what to do about it.
    pub fn fail(&mut self, what: impl Display) -> Result<(), Fault> {
        self.faults += 1;
        output::line(format_args!("FAIL   {what}"))
    }

    /// One or the other.
    pub fn judge(&mut self, is_well: bool, well: impl Display, fault: impl Display) -> Result<bool, Fault> {
        let told = if is_well { self.well(well) } else { self.fail(fault) };
        told.map(|()| is_well)
    }

    pub fn conclude(self) -> Result<ExitCode, Fault> {
        match self.faults {
            0 => {
                output::line("Everything is well.")?;
                Ok(ExitCode::SUCCESS)
            }
            1 => Err(Fault::new("One thing would fail: see the line above that begins with FAIL.")),
            faults => Err(Fault::new(format!("{faults} things would fail: see the lines above that begin with FAIL."))),
        }
    }
}
