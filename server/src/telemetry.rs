//! Logs: where they go and in which form. What may stand in them is decided where they are written, and here for those who
//! write more than we would.

use crate::config::{LogFormat, ServerConfig};
use std::io;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{FilterExt as _, Targets},
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

/// What a server logs when nobody set anything. Each step of a migration is of no use to an operator.
pub const OF_A_SERVER: &str = "info,sea_orm_migration=warn";
/// A command speaks for itself.
pub const OF_A_COMMAND: &str = "warn";

/// The most that these may say. Below `info` they write down whole requests, results, heads or rows; `debug` is for our own
/// words. rmcp warns of every call that a client gets wrong, with what was wrong in it: that is no trouble of ours, and what is
/// told is told where it is answered. Who wants to hear more of one names it.
const TALKATIVE: [(&str, LevelFilter); 5] = [
    ("rmcp", LevelFilter::ERROR),
    ("hyper", LevelFilter::INFO),
    ("h2", LevelFilter::INFO),
    ("sqlx", LevelFilter::INFO),
    ("sea_orm", LevelFilter::INFO),
];

/// Sends log lines to standard error, so that standard output holds only what a command answers.
pub fn start(config: &ServerConfig, default: &str) {
    let filter = config.log.as_deref().unwrap_or(default);
    let lines = lines(filter, config.log_format, io::IsTerminal::is_terminal(&io::stderr()), io::stderr);
    // Only the first subscriber of a process counts; a second start is a test's, and harmless.
    let _ = tracing_subscriber::registry().with(lines).try_init();
}

fn lines<W>(filter: &str, format: LogFormat, is_coloured: bool, writer: W) -> impl Layer<Registry>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let layer = fmt::layer().with_writer(writer).with_target(true);
    let layer = match format {
        LogFormat::Text => layer.with_ansi(is_coloured).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
    };
    // The filter was checked when the configuration was read.
    layer.with_filter(EnvFilter::try_new(filter).unwrap_or_default().and(ceiling(filter)))
}

/// The most that each target may say, whatever `filter` lets through: less for the talkative ones that it does not name.
fn ceiling(filter: &str) -> Targets {
    let named = filter
        .split(',')
        .filter_map(|directive| directive.trim().split(['=', '[']).next())
        .filter(|name| TALKATIVE.iter().any(|(target, _)| name.starts_with(target)))
        .map(|name| (name, LevelFilter::TRACE));
    Targets::new().with_default(LevelFilter::TRACE).with_targets(TALKATIVE).with_targets(named)
}

#[cfg(test)]
mod tests {
    use super::{LogFormat, OF_A_SERVER, lines};
    use std::{
        io,
        sync::{Arc, Mutex, PoisonError},
    };
    use tracing::{debug, error, info, subscriber::with_default, warn};
    use tracing_subscriber::layer::SubscriberExt as _;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is written of one line of ours, and of those who log bodies.
    fn written(filter: &str, format: LogFormat) -> String {
        let paper = Paper::default();
        let writer = paper.clone();
        with_default(tracing_subscriber::registry().with(lines(filter, format, false, move || writer.clone())), || {
            debug!(target: "server::mcp", "ours");
            debug!(target: "rmcp::service", "body of rmcp");
            debug!(target: "hyper_util::client", "body of hyper");
            debug!(target: "h2::codec", "body of h2");
            debug!(target: "sqlx::query", "body of sqlx");
            debug!(target: "sea_orm", "body of sea_orm");
            info!(target: "sea_orm_migration", "event of sea_orm");
            warn!(target: "rmcp::service", "a client's mistake");
            error!(target: "rmcp::service", "trouble of rmcp");
        });
        let bytes = paper.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[test]
    fn no_level_alone_brings_a_body_into_the_log() {
        for format in [LogFormat::Text, LogFormat::Json] {
            for filter in ["debug", "trace", "info,server=trace,debug", "debug,usecases=info"] {
                let written = written(filter, format);
                assert!(written.contains("ours") && written.contains("trouble of rmcp"), "{filter}: {written}");
                assert!(written.contains("event of sea_orm"), "{filter}: {written}");
                assert!(!written.contains("body of"), "{filter}: {written}");
            }
        }
    }

    #[test]
    fn a_target_that_the_operator_names_speaks() {
        let written = written("info,rmcp::service=debug,sqlx=debug", LogFormat::Text);
        assert!(written.contains("body of rmcp") && written.contains("body of sqlx"), "{written}");
        assert!(!written.contains("body of h2") && !written.contains("ours"), "{written}");
    }

    #[test]
    fn what_a_client_got_wrong_is_no_warning_of_ours() {
        for filter in ["warn", "info", "debug", OF_A_SERVER] {
            assert!(!written(filter, LogFormat::Text).contains("mistake"), "{filter}");
        }
        assert!(written("info,rmcp=info", LogFormat::Text).contains("mistake"));
    }

    #[test]
    fn a_quieter_filter_stays_as_quiet() {
        assert_eq!(written("error", LogFormat::Text).lines().count(), 1);
        let written = written(OF_A_SERVER, LogFormat::Text);
        assert_eq!(written.lines().count(), 1, "{written}");
    }
}
