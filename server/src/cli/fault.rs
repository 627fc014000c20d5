//! Why a command ended badly: one plain sentence that says the way out.

use std::fmt;

/// Told on standard error; the command then ends with exit code 1.
#[derive(Debug)]
pub struct Fault {
    sentence: String,
    is_output_closed: bool,
}

impl Fault {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), is_output_closed: false }
    }

    /// The text of an error as a sentence.
    pub fn of(error: &impl fmt::Display) -> Self {
        Self::new(crate::words::sentence(error))
    }

    /// Whether the reader of our answer went away early, as `head` does: nothing went wrong then.
    pub const fn is_output_closed(&self) -> bool {
        self.is_output_closed
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

impl From<crate::config::ConfigError> for Fault {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        let is_output_closed = error.kind() == std::io::ErrorKind::BrokenPipe;
        Self { sentence: format!("The answer can't be written: {error}."), is_output_closed }
    }
}
