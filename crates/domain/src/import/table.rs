//! Rows of a table with a header: quoted fields, line breaks inside quotes, rows of any damage.

use super::{
    ImportedPerson, LONGEST_ROW, RefusedRow,
    column::Column,
    person::Cells,
    window::{Window, line_length},
};
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::{self, Read};

/// Reads records with one delimiter and one meaning for each column.
pub(super) struct Table {
    reader: Reader,
    columns: Vec<Option<Column>>,
    linkedin_export: bool,
    output: Vec<u8>,
    ends: Vec<usize>,
    /// How often a lost quotation mark may still cost a second reading of the same bytes. Bounds the work for hostile files.
    recoveries_left: u32,
}

/// What stands at the front of the window.
enum Extent {
    /// A whole record of this many bytes, in this many fields.
    Record { bytes: usize, fields: usize },
    /// A quotation mark opens in the record and is not closed before the file or the patience ends.
    Unclosed,
    /// One single line longer than a row may be.
    TooLong,
}

const RECOVERIES: u32 = 64;
const MOST_FIELDS: usize = 1_000;

impl Table {
    pub(super) fn new(delimiter: u8, columns: Vec<Option<Column>>) -> Self {
        let has = |wanted: Column| columns.contains(&Some(wanted));
        let linkedin_export = has(Column::FirstName) && has(Column::LastName) && has(Column::ConnectedOn);
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            columns,
            linkedin_export,
            output: vec![0; 4_096],
            ends: vec![0; 32],
            recoveries_left: RECOVERIES,
        }
    }

    pub(super) fn is_linkedin_export(&self) -> bool {
        self.linkedin_export
    }

    pub(super) fn next<R: Read>(
        &mut self,
        window: &mut Window<R>,
    ) -> io::Result<Option<Result<(u64, ImportedPerson), RefusedRow>>> {
        while window.skip_empty_lines()? {
            let line = window.line();
            let reason = match self.measure(window)? {
                Extent::Record { bytes, fields } => {
                    window.consume(bytes);
                    match self.person(fields) {
                        Ok(None) => continue,
                        Ok(Some(person)) => return Ok(Some(Ok((line, person)))),
                        Err(reason) => reason,
                    }
                }
                Extent::Unclosed => {
                    self.leave_unclosed(window)?;
                    "a quotation mark opens in this row and is never closed".to_owned()
                }
                Extent::TooLong => {
                    window.skip_line()?;
                    "this row is longer than 1 MB".to_owned()
                }
            };
            return Ok(Some(Err(RefusedRow { line, reason })));
        }
        Ok(None)
    }

    /// Splits the record at the front into `output` and `ends` without taking it.
    fn measure<R: Read>(&mut self, window: &mut Window<R>) -> io::Result<Extent> {
        self.reader.reset();
        let (mut scanned, mut written, mut fields) = (0, 0, 0);
        loop {
            if scanned > LONGEST_ROW {
                let broken = line_length(&window.bytes()[..scanned]).is_some();
                return Ok(if broken { Extent::Unclosed } else { Extent::TooLong });
            }
            let more = scanned < window.bytes().len() || window.fill()?;
            // At the end of the file a line end is put in: inside quotes it is swallowed, and that shows the quote was lost.
            let input = if more { &window.bytes()[scanned..] } else { b"\n" };
            let (result, taken, copied, ended) =
                self.reader.read_record(input, &mut self.output[written..], &mut self.ends[fields..]);
            scanned += if more { taken } else { 0 };
            written += copied;
            fields += ended;
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => {
                    return Ok(Extent::Record { bytes: scanned, fields });
                }
                ReadRecordResult::InputEmpty if !more => return Ok(Extent::Unclosed),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            }
        }
    }

    /// Goes on with the next line, so that a lost quotation mark costs one row; in a file full of them, skips what was scanned.
    fn leave_unclosed<R: Read>(&mut self, window: &mut Window<R>) -> io::Result<()> {
        if self.recoveries_left == 0 {
            window.consume(window.bytes().len().min(LONGEST_ROW));
        } else {
            self.recoveries_left -= 1;
        }
        window.skip_line()
    }

    /// `None` for a row of nothing but delimiters, which spreadsheets leave at the end.
    fn person(&self, fields: usize) -> Result<Option<ImportedPerson>, String> {
        if fields > MOST_FIELDS {
            return Err(format!("this row has more than {MOST_FIELDS} fields"));
        }
        let mut cells = Cells::default();
        let mut start = 0;
        for (index, end) in self.ends[..fields].iter().enumerate() {
            let text = std::str::from_utf8(&self.output[start..*end])
                .map_err(|_| "this row is not valid UTF-8; save the file as UTF-8".to_owned())?;
            start = *end;
            match self.columns.get(index) {
                Some(Some(column)) => cells.put(*column, text),
                Some(None) => {}
                None if text.trim().is_empty() => {}
                None => {
                    let expected = self.columns.len();
                    return Err(format!(
                        "this row has {fields} fields and the header {expected}; put quotation marks around a text with the \
                         delimiter in it"
                    ));
                }
            }
        }
        if cells.is_empty() {
            return Ok(None);
        }
        cells.into_person(self.linkedin_export).map(Some).map_err(|problem| problem.to_string())
    }
}

/// The fields of one line, for reading headers; bytes that are no text become replacement characters.
pub(super) fn split_line(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut output = vec![0; line.len() + 1];
    let mut ends = vec![0; line.len() + 2];
    let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
    let (_, _, mut written, mut fields) = reader.read_record(line, &mut output, &mut ends);
    let (_, _, copied, ended) = reader.read_record(b"", &mut output[written..], &mut ends[fields..]);
    written += copied;
    fields += ended;
    let mut start = 0;
    let mut texts = Vec::with_capacity(fields);
    for end in &ends[..fields] {
        let end = (*end).min(written);
        texts.push(String::from_utf8_lossy(&output[start..end]).into_owned());
        start = end;
    }
    texts
}
