//! What is wrong with the configuration, all of it at once.

use std::fmt;

/// Every fault, each a clause that names the key and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    faults: Vec<String>,
}

impl ConfigError {
    pub(super) const fn new(faults: Vec<String>) -> Self {
        Self { faults }
    }

    pub fn faults(&self) -> &[String] {
        &self.faults
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.faults.as_slice() {
            [only] => write!(formatter, "The configuration can't be used: {only}."),
            faults => {
                write!(formatter, "The configuration has {} faults: {}.", faults.len(), faults.join("; "))
            }
        }
    }
}

impl std::error::Error for ConfigError {}
