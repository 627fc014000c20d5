//! Tests only: databases, a clock that stands still, chance that repeats.

pub mod clock;
pub mod database;
pub mod entropy;
mod postgres;

pub use clock::FixedClock;
pub use entropy::SeededEntropy;
