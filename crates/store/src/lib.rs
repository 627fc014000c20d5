//! Rows: the only crate that speaks SQL.
