//! Usage: every metered call as a row, and the same calls added up by day and payer, which is what reports read.

mod append;
mod report;

pub use append::append;
pub use report::{DayCount, PayerCount, by_day, by_payer, calls_of_grants, count};

/// What `payer_kind` says of a grant and of a key.
const GRANT: &str = "grant";
const KEY: &str = "key";
