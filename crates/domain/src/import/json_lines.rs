//! One JSON object a line, with the same field names as a table's header; unknown fields are passed over.

use super::{
    ImportedPerson, LONGEST_ROW, RefusedRow,
    column::Column,
    person::Cells,
    window::{Window, line_length},
};
use serde_json::{Map, Value};
use std::io::{self, Read};

pub(super) fn next<R: Read>(window: &mut Window<R>) -> io::Result<Option<Result<(u64, ImportedPerson), RefusedRow>>> {
    while window.skip_empty_lines()? {
        let line = window.line();
        let (mut scanned, mut found) = (0, None);
        while found.is_none() && scanned <= LONGEST_ROW {
            found = line_length(&window.bytes()[scanned..]).map(|length| scanned + length);
            scanned = window.bytes().len();
            if found.is_none() && !window.fill()? {
                found = Some(scanned);
            }
        }
        let Some(length) = found.filter(|length| *length <= LONGEST_ROW) else {
            window.skip_line()?;
            return Ok(Some(Err(RefusedRow { line, reason: "this row is longer than 1 MB".to_owned() })));
        };
        let row = person(&window.bytes()[..length]);
        window.consume(length);
        match row {
            Ok(None) => {}
            Ok(Some(person)) => return Ok(Some(Ok((line, person)))),
            Err(reason) => return Ok(Some(Err(RefusedRow { line, reason }))),
        }
    }
    Ok(None)
}

/// `None` for a line of white space.
fn person(line: &[u8]) -> Result<Option<ImportedPerson>, String> {
    let text =
        std::str::from_utf8(line).map_err(|_| "this row is not valid UTF-8; save the file as UTF-8".to_owned())?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    let object: Map<String, Value> = serde_json::from_str(text).map_err(|error| describe(&error))?;
    let mut cells = Cells::default();
    for (name, value) in &object {
        let Some(column) = Column::named(name) else { continue };
        match value {
            Value::Null => {}
            Value::String(text) => cells.put(column, text),
            Value::Bool(flag) if column == Column::OpenToWork => cells.put(column, if *flag { "yes" } else { "no" }),
            _ if matches!(column, Column::Email | Column::ConnectedOn) => {}
            _ if column == Column::OpenToWork => return Err("open_to_work must be true or false".to_owned()),
            _ => return Err(format!("the field {name:?} must be text")),
        }
    }
    cells.into_person(false).map(Some).map_err(|problem| problem.to_string())
}

/// The parser's own words count lines within the row, which would mislead beside the line of the file.
fn describe(error: &serde_json::Error) -> String {
    let column = error.column();
    if error.is_data() {
        "this line is not a JSON object".to_owned()
    } else {
        format!("this line is not valid JSON (column {column})")
    }
}
