//! Tests only: databases, a clock that stands still, chance that repeats, a client's key, somebody else's web server, hostile
//! values.

pub mod clock;
pub mod corpus;
pub mod database;
pub mod entropy;
mod postgres;
mod signer;
mod site;

pub use clock::FixedClock;
pub use entropy::SeededEntropy;
pub use signer::Signer;
pub use site::{Page, Site};
