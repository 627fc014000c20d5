//! People in files: reads LinkedIn's `Connections.csv`, other tables with a header, and JSON Lines, one row at a time. Bytes in,
//! people out; what happens to them is not decided here. A bad row is refused by line number and the rest goes on.

mod column;
mod json_lines;
mod person;
mod sniff;
mod table;
mod window;

use crate::{linkedin_url::VanityName, profile::ProfileFacts};
use serde::{Deserialize, Serialize};
use std::io::Read;
use table::Table;
use window::Window;

/// One person as a row describes them, with every text trimmed and cut to its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedPerson {
    pub vanity: VanityName,
    pub facts: ProfileFacts,
    pub photo: Option<PhotoSource>,
}

/// Where a row says that the photo is. A path is as written, unchecked: whoever opens it decides what it may reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoSource {
    Path(String),
    Url(String),
}

/// A row that was left out. `line` is the physical line of the file on which the row starts, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct RefusedRow {
    pub line: u64,
    pub reason: String,
}

/// Which kind of file it turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `Connections.csv` of a LinkedIn data export.
    LinkedinConnections,
    /// Any other table with a header line.
    Table,
    /// One JSON object a line.
    JsonLines,
}

/// Why nothing can be read from a file at all. Each message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the file is empty")]
    Empty,
    #[error("the file is encoded as UTF-16; save it as UTF-8 and import it again")]
    Utf16,
    #[error("the file is an archive or a spreadsheet; unpack it, or save the sheet as CSV, and import that file")]
    Archive,
    #[error("the file is one JSON array; write one object on each line (JSON Lines) instead")]
    JsonArray,
    #[error("no header line was found; the first line must name the columns, with linkedin_url or username among them")]
    NoHeader,
    #[error(
        "the header on line {line} has no URL column; older LinkedIn exports leave it out, so request a new export from \
         LinkedIn, or add a linkedin_url or username column"
    )]
    NoUrlColumn { line: u64 },
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Rows over this many bytes are refused, so that memory stays flat whatever the file holds.
const LONGEST_ROW: usize = 1 << 20;

/// Recognises the format by the content, reads past preamble and header, and gives the rows.
///
/// Memory stays below a few megabytes for files of any length. Two rows for one person are both given; the store decides.
///
/// # Errors
/// [`ImportError`], when the file as a whole is nothing that could be read.
pub fn read<R: Read>(reader: R) -> Result<Rows<R>, ImportError> {
    let mut window = Window::new(reader);
    let source = match sniff::sniff(&mut window)? {
        sniff::Sniffed::JsonLines => Source::JsonLines,
        sniff::Sniffed::Table { delimiter, columns } => Source::Table(Box::new(Table::new(delimiter, columns))),
    };
    Ok(Rows { window, source, ended: false })
}

/// Every row of the file in its order: the line it starts on and the person, or the refusal.
///
/// A read error in the middle of the file is given as a last refused row.
pub struct Rows<R> {
    window: Window<R>,
    source: Source,
    ended: bool,
}

enum Source {
    JsonLines,
    Table(Box<Table>),
}

impl<R> Rows<R> {
    pub fn format(&self) -> Format {
        match &self.source {
            Source::JsonLines => Format::JsonLines,
            Source::Table(table) if table.is_linkedin_export() => Format::LinkedinConnections,
            Source::Table(_) => Format::Table,
        }
    }

    /// Bytes of the file that the rows so far have used up, for showing progress.
    pub fn bytes_read(&self) -> u64 {
        self.window.consumed()
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<(u64, ImportedPerson), RefusedRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = match &mut self.source {
            Source::JsonLines => json_lines::next(&mut self.window),
            Source::Table(table) => table.next(&mut self.window),
        };
        match next {
            Ok(Some(row)) => Some(row),
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(error) => {
                self.ended = true;
                Some(Err(RefusedRow { line: self.window.line(), reason: ImportError::Io(error).to_string() }))
            }
        }
    }
}

#[cfg(test)]
mod tests;
