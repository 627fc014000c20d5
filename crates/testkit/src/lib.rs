//! Tests only: databases, TestServer, builders, a clock that stands still.

pub mod clock;
pub mod database;
pub mod entropy;
mod postgres;

pub use clock::FixedClock;
pub use entropy::SeededEntropy;
