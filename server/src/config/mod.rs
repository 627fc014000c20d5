//! What the operator set: `visage.toml`, overridden by the environment. The only place that reads the environment.

mod duration;
mod fault;
mod file;
mod sources;
#[cfg(test)]
mod tests;

use domain::settings::{Lifetimes, PublicUrl, RateLimits, Settings, SignUpPolicy};
use sources::{Environment, OURS, Sources};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub use fault::ConfigError;

/// The file that is read when no other is named.
pub const DEFAULT_FILE: &str = "visage.toml";

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that was set, checked; what was not set has its default, where that needs no port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerConfig {
    pub listen: SocketAddr,
    /// Whether the operator chose the address: if not, the demo may take another port.
    pub is_listen_configured: bool,
    /// None = `http://localhost:<port>`, known once the port is bound.
    pub public_url: Option<PublicUrl>,
    /// None = `<public_url>/cdn`.
    pub cdn_url: Option<String>,
    /// Web pages that may call `/mcp` from a browser, besides the known ones.
    pub allowed_origins: Vec<String>,
    pub data_dir: PathBuf,
    /// `sqlite://PATH` or `postgres://…`; may hold a password and must not be logged.
    pub database_url: String,
    pub sign_up: Option<SignUpPolicy>,
    pub lifetimes: Lifetimes,
    pub rate_limits: RateLimits,
    /// A filter of `tracing`: `info`, `info,usecases=debug`.
    pub log: Option<String>,
    pub log_format: LogFormat,
}

impl ServerConfig {
    /// Reads the file and the environment of this process.
    ///
    /// # Errors
    /// [`ConfigError`] with every fault that was found, not only the first.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let file = file::read(file)?;
        Self::from_sources(Sources::new(file, environment()))
    }

    fn from_sources(mut sources: Sources) -> Result<Self, ConfigError> {
        let listen = sources.take("listen", "VISAGE_LISTEN", sources::address);
        let data_dir = sources.take("data_dir", "VISAGE_DATA_DIR", |text| Ok(PathBuf::from(text)));
        let database_url = sources.take("database_url", "VISAGE_DATABASE_URL", sources::database_url);
        let public_url = sources.take("public_url", "VISAGE_PUBLIC_URL", sources::parsed::<PublicUrl>);
        let cdn_url = sources.take("cdn_url", "VISAGE_CDN_URL", sources::base_url);
        let allowed_origins = sources.take("allowed_origins", "VISAGE_ALLOWED_ORIGINS", sources::origins);
        let sign_up = sources.take("sign_up", "VISAGE_SIGN_UP", sources::parsed::<SignUpPolicy>);
        let log = sources.take("log", "VISAGE_LOG", sources::log_filter);
        let log_format = sources.take("log_format", "VISAGE_LOG_FORMAT", sources::log_format);
        let mut lifetimes = Lifetimes::default();
        for (key, lifetime) in [
            ("lifetimes.access_token", &mut lifetimes.access_token),
            ("lifetimes.refresh_idle", &mut lifetimes.refresh_idle),
            ("lifetimes.refresh_absolute", &mut lifetimes.refresh_absolute),
            ("lifetimes.authorization_code", &mut lifetimes.authorization_code),
            ("lifetimes.authorization_request", &mut lifetimes.authorization_request),
        ] {
            if let Some(set) = sources.take_from_file(key, duration::parse) {
                *lifetime = set;
            }
        }
        let mut rate_limits = RateLimits::default();
        for (key, variable, limit) in [
            ("rate_limits.registrations", "VISAGE_RATE_LIMIT_REGISTRATIONS", &mut rate_limits.registrations),
            ("rate_limits.authorizations", "VISAGE_RATE_LIMIT_AUTHORIZATIONS", &mut rate_limits.authorizations),
            ("rate_limits.tool_calls", "VISAGE_RATE_LIMIT_TOOL_CALLS", &mut rate_limits.tool_calls),
            ("rate_limits.images", "VISAGE_RATE_LIMIT_IMAGES", &mut rate_limits.images),
        ] {
            if let Some(set) = sources.take_number(key, variable) {
                *limit = set;
            }
        }
        sources.finish()?;

        let is_listen_configured = listen.is_some();
        let data_dir = data_dir.unwrap_or_else(|| PathBuf::from("./data"));
        Ok(Self {
            listen: listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            is_listen_configured,
            public_url,
            cdn_url,
            allowed_origins: allowed_origins.unwrap_or_default(),
            database_url: database_url.unwrap_or_else(|| sqlite_url(&data_dir)),
            data_dir,
            sign_up,
            lifetimes,
            rate_limits,
            log,
            log_format: log_format.unwrap_or(LogFormat::Text),
        })
    }

    /// What the house needs to know, once the port is.
    pub fn settings(&self, port: u16) -> Settings {
        let public_url = self.public_url.clone().unwrap_or_else(|| localhost(port));
        let mut settings = Settings::new(public_url, self.data_dir.clone());
        if let Some(cdn_url) = &self.cdn_url {
            settings.cdn_url.clone_from(cdn_url);
        }
        if let Some(sign_up) = self.sign_up {
            settings.sign_up = sign_up;
        }
        settings.lifetimes = self.lifetimes;
        settings.rate_limits = self.rate_limits;
        settings.allowed_origins.clone_from(&self.allowed_origins);
        settings
    }
}

/// The database in a data folder.
pub fn sqlite_url(data_dir: &Path) -> String {
    format!("sqlite://{}", data_dir.join("visage.db").display())
}

fn localhost(port: u16) -> PublicUrl {
    let text = if port == 80 { "http://localhost".to_owned() } else { format!("http://localhost:{port}") };
    #[expect(clippy::expect_used, reason = "http on localhost with any port is an origin")]
    text.parse().expect("localhost is an origin")
}

#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
fn environment() -> Environment {
    // A name that is no Unicode text is none of ours.
    let named = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    named
        .filter(|(name, _)| name.starts_with(OURS))
        .map(|(name, value)| (name, value.into_string().map_err(drop)))
        .collect()
}
