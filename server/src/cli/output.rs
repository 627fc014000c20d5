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

/// Rows under a head, each column as wide as its widest cell.
pub fn table<const COLUMNS: usize>(head: [&str; COLUMNS], rows: Vec<[String; COLUMNS]>) -> Result<(), Fault> {
    let rows: Vec<_> = std::iter::once(head.map(str::to_owned)).chain(rows).collect();
    let widths: [usize; COLUMNS] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    for row in &rows {
        let cells: Vec<String> = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        line(cells.join("  ").trim_end())?;
    }
    Ok(())
}
