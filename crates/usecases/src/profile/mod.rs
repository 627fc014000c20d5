//! The directory: looking people up, and filling it.

mod find;
pub mod import;

pub use find::{LookUpError, Looked, find};
