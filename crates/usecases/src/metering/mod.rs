//! Metering: units are taken and the event is written in one transaction, before the call is answered.

mod key_usage;
mod report;
mod reserve;
mod writer;

pub use key_usage::usage_of_key;
pub use report::{DayTotals, PayerTotals, Range, UsageReport, report};
pub use reserve::{MeterError, Metered, MeteredCall, balance, reserve};
pub use writer::Writer;
