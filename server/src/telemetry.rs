//! Logs: where they go and in which form. What may stand in them is decided where they are written.

use crate::config::{LogFormat, ServerConfig};
use std::io;
use tracing_subscriber::{EnvFilter, fmt};

/// What a server logs when nobody set anything. Each step of a migration is of no use to an operator.
pub const OF_A_SERVER: &str = "info,sea_orm_migration=warn";
/// A command speaks for itself.
pub const OF_A_COMMAND: &str = "warn";

/// Sends log lines to standard error, so that standard output holds only what a command answers.
pub fn start(config: &ServerConfig, default: &str) {
    // The filter was checked when the configuration was read.
    let filter = EnvFilter::try_new(config.log.as_deref().unwrap_or(default)).unwrap_or_default();
    let builder = fmt().with_env_filter(filter).with_writer(io::stderr).with_target(true);
    // Only the first subscriber of a process counts; a second start is a test's, and harmless.
    let _ = match config.log_format {
        LogFormat::Text => builder.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
    };
}
