//! From the cells of one row to a person, or to the reason why not. Both formats end here.

use super::{ImportedPerson, PhotoSource, column::Column};
use crate::{
    linkedin_url::{LinkedinUrlError, VanityName},
    profile::ProfileFacts,
    text::one_line,
};

/// The texts of one row, by meaning. The first cell that says something wins when a file names a column twice.
#[derive(Default)]
pub(super) struct Cells([Option<String>; Column::COUNT]);

/// Why a row is refused, in words for the person who made the file.
#[derive(Debug, thiserror::Error)]
pub(super) enum RowProblem {
    #[error("this connection hides its profile URL")]
    HiddenUrl,
    #[error("this row has neither a linkedin_url nor a username")]
    NoUrl,
    #[error(transparent)]
    Url(#[from] LinkedinUrlError),
    #[error("open_to_work must be yes or no, true or false, or empty")]
    OpenToWork,
    #[error("photo must be the path of a file or an https URL")]
    Photo,
}

/// Limits in characters.
const LONGEST_NAME: usize = 200;
const LONGEST_HEADLINE: usize = 300;
const LONGEST_SUMMARY: usize = 5_000;
const LONGEST_OTHER: usize = 200;
const LONGEST_PHOTO_SOURCE: usize = 4_096;

impl Cells {
    pub(super) fn put(&mut self, column: Column, text: &str) {
        let cell = &mut self.0[column as usize];
        if cell.is_none() && !text.trim().is_empty() {
            *cell = Some(text.to_owned());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// `linkedin_export`: the row stands in LinkedIn's own file, where a headline is put together and a missing URL is a choice.
    pub(super) fn into_person(self, linkedin_export: bool) -> Result<ImportedPerson, RowProblem> {
        let vanity = match (self.get(Column::Url), self.get(Column::Username)) {
            (Some(url), _) => VanityName::parse_url(url)?,
            (None, Some(username)) => VanityName::parse_username(username)?,
            (None, None) if linkedin_export => return Err(RowProblem::HiddenUrl),
            (None, None) => return Err(RowProblem::NoUrl),
        };
        let photo = self.get(Column::Photo).map(photo_source).transpose()?;
        let open_to_work = self.get(Column::OpenToWork).map(yes_or_no).transpose()?;
        let facts = ProfileFacts {
            name: self.name(),
            headline: self.headline(linkedin_export),
            company: self.line(Column::Company, LONGEST_OTHER),
            summary: self.get(Column::Summary).and_then(|text| filled(paragraphs(text, LONGEST_SUMMARY))),
            industry: self.line(Column::Industry, LONGEST_OTHER),
            location: self.line(Column::Location, LONGEST_OTHER),
            open_to_work,
        };
        Ok(ImportedPerson { vanity, facts, photo })
    }

    fn get(&self, column: Column) -> Option<&str> {
        self.0[column as usize].as_deref()
    }

    fn line(&self, column: Column, limit: usize) -> Option<String> {
        filled(line(self.get(column)?, limit))
    }

    /// Empty when the file does not know it: an invented name would be worse than none.
    fn name(&self) -> String {
        if let Some(name) = self.line(Column::Name, LONGEST_NAME) {
            return name;
        }
        let parts = [self.get(Column::FirstName), self.get(Column::LastName)];
        line(&parts.into_iter().flatten().collect::<Vec<_>>().join(" "), LONGEST_NAME)
    }

    fn headline(&self, linkedin_export: bool) -> Option<String> {
        if let Some(headline) = self.line(Column::Headline, LONGEST_HEADLINE) {
            return Some(headline);
        }
        let position = self.line(Column::Position, LONGEST_HEADLINE)?;
        match self.line(Column::Company, LONGEST_OTHER) {
            Some(company) if linkedin_export => Some(line(&format!("{position} at {company}"), LONGEST_HEADLINE)),
            _ => Some(position),
        }
    }
}

fn photo_source(text: &str) -> Result<PhotoSource, RowProblem> {
    let text = text.trim();
    let scheme = text.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    if text.len() > LONGEST_PHOTO_SOURCE || text.chars().any(char::is_control) {
        return Err(RowProblem::Photo);
    }
    match scheme.as_deref() {
        Some("https" | "http") if text.contains("://") => Ok(PhotoSource::Url(text.to_owned())),
        Some("data" | "file" | "javascript" | "blob") => Err(RowProblem::Photo),
        Some(_) if text.contains("://") => Err(RowProblem::Photo),
        _ => Ok(PhotoSource::Path(text.to_owned())),
    }
}

fn yes_or_no(text: &str) -> Result<bool, RowProblem> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "t" | "1" => Ok(true),
        "false" | "no" | "n" | "f" | "0" => Ok(false),
        _ => Err(RowProblem::OpenToWork),
    }
}

fn line(text: &str, limit: usize) -> String {
    cut(one_line(text, limit), limit)
}

/// Keeps the paragraphs of a longer text, each made fit like a line.
fn paragraphs(text: &str, limit: usize) -> String {
    let lines: Vec<String> = text.lines().map(|text| one_line(text, limit)).collect();
    cut(lines.join("\n").trim().to_owned(), limit)
}

/// At most `limit` characters; an ellipsis marks the cut.
fn cut(text: String, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text;
    }
    let mut kept: String = text.trim_end_matches('…').chars().take(limit - 1).collect();
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
