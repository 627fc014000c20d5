//! Calls over time as stacked columns: arithmetic here, drawing beside it.

mod columns;
mod drawing;
mod geometry;

pub use columns::{DayCount, Unit, columns};
pub use drawing::Chart;
