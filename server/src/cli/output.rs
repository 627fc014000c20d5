//! What a command answers: lines on standard output.

use super::Fault;
use std::{
    fmt::Display,
    io::{self, Write as _},
};

pub fn line(text: impl Display) -> Result<(), Fault> {
    let mut output = io::stdout().lock();
    writeln!(output, "{text}")?;
    output.flush()?;
    Ok(())
}

/// A remark that is no answer: on standard error, so that scripts can use the answer alone.
pub fn remark(text: impl Display) -> Result<(), Fault> {
    writeln!(io::stderr().lock(), "{text}")?;
    Ok(())
}
