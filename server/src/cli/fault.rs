//! Why a command ended badly: one plain sentence that says the way out.

use std::fmt;

/// Told on standard error; the command then ends with exit code 1.
#[derive(Debug)]
pub struct Fault(String);

impl Fault {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// The text of an error as a sentence.
    pub fn of(error: &impl fmt::Display) -> Self {
        Self(crate::words::sentence(error))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<crate::config::ConfigError> for Fault {
    fn from(error: crate::config::ConfigError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self(format!("The answer can't be written: {error}."))
    }
}
