//! Which format a file has, told by its first bytes and lines; reads past byte-order mark, preamble and header.

use super::{
    ImportError,
    column::Column,
    table,
    window::{Window, line_length},
};
use std::io::Read;

pub(super) enum Sniffed {
    JsonLines,
    Table { delimiter: u8, columns: Vec<Option<Column>> },
}

/// The header stands among the first lines; LinkedIn's export has it on the fourth.
const HEADER_WITHIN_LINES: usize = 20;
const LOOK_AHEAD: usize = 64 * 1024;
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Leaves the window at the first row.
pub(super) fn sniff<R: Read>(window: &mut Window<R>) -> Result<Sniffed, ImportError> {
    while window.bytes().len() < LOOK_AHEAD && window.fill()? {}
    match window.bytes() {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Err(ImportError::Utf16),
        [b'P', b'K', 3 | 5, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] | [0x1F, 0x8B, ..] => return Err(ImportError::Archive),
        [0xEF, 0xBB, 0xBF, ..] => window.consume(3),
        _ => {}
    }
    match window.bytes().iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Err(ImportError::Empty),
        Some(b'{') => return Ok(Sniffed::JsonLines),
        Some(b'[') => return Err(ImportError::JsonArray),
        Some(_) => {}
    }
    let mut without_url = None;
    for _ in 0..HEADER_WITHIN_LINES {
        if !window.skip_empty_lines()? {
            break;
        }
        while line_length(window.bytes()).is_none() && window.bytes().len() < LOOK_AHEAD && window.fill()? {}
        let length = line_length(window.bytes()).unwrap_or(window.bytes().len());
        let line = &window.bytes()[..length.min(LOOK_AHEAD)];
        let best = DELIMITERS
            .into_iter()
            .map(|delimiter| (delimiter, columns_of(line, delimiter)))
            .max_by_key(|(delimiter, columns)| (known(columns), std::cmp::Reverse(*delimiter)));
        if let Some((delimiter, columns)) = best {
            if columns.iter().flatten().any(|column| column.names_the_person()) {
                window.skip_line()?;
                return Ok(Sniffed::Table { delimiter, columns });
            }
            if known(&columns) >= 2 && without_url.is_none() {
                without_url = Some(window.line());
            }
        }
        window.skip_line()?;
    }
    Err(without_url.map_or(ImportError::NoHeader, |line| ImportError::NoUrlColumn { line }))
}

fn columns_of(line: &[u8], delimiter: u8) -> Vec<Option<Column>> {
    table::split_line(line, delimiter).iter().map(|name| Column::named(name)).collect()
}

fn known(columns: &[Option<Column>]) -> usize {
    columns.iter().flatten().count()
}
