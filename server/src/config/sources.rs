//! One value after the other, from the environment or else the file; faults are collected, not thrown.

use super::{ConfigError, LogFormat, file::ConfigFile};
use std::{collections::BTreeMap, fmt::Display, net::SocketAddr, str::FromStr};
use toml::Value;
use tracing_subscriber::EnvFilter;
use url::Url;

/// What the names of our variables begin with.
pub const OURS: &str = "VISAGE_";

/// The variables that begin with [`OURS`]; an error stands for a value that is no Unicode text.
pub type Environment = BTreeMap<String, Result<String, ()>>;

pub struct Sources {
    file: ConfigFile,
    environment: Environment,
    known: Vec<&'static str>,
    known_variables: Vec<&'static str>,
    faults: Vec<String>,
}

impl Sources {
    pub const fn new(file: ConfigFile, environment: Environment) -> Self {
        Self { file, environment, known: Vec::new(), known_variables: Vec::new(), faults: Vec::new() }
    }

    /// The value of a key: the variable's, if it is set and not empty, else the file's.
    pub fn take<T>(
        &mut self,
        key: &'static str,
        variable: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.known_variables.push(variable);
        match self.environment.remove(variable) {
            Some(Ok(text)) if !text.trim().is_empty() => {
                // The file's value is overridden, and yet not unknown.
                self.known.push(key);
                self.file.values.remove(key);
                self.keep(variable, parse(text.trim()))
            }
            Some(Err(())) => {
                self.file.values.remove(key);
                self.keep(variable, Err("is not written in UTF-8".to_owned()))
            }
            _ => self.take_from_file(key, parse),
        }
    }

    /// As [`Self::take`], for what a file may also write as a number.
    pub fn take_number(&mut self, key: &'static str, variable: &'static str) -> Option<u32> {
        if let Some(Value::Integer(number)) = self.file.values.get(key) {
            let text = number.to_string();
            self.file.values.insert(key.to_owned(), Value::String(text));
        }
        self.take(key, variable, |text| text.parse().map_err(|_| format!("{text:?} is no whole number from 0 up")))
    }

    pub fn take_from_file<T>(&mut self, key: &'static str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        self.known.push(key);
        let value = self.file.values.remove(key)?;
        let read = match value {
            Value::String(text) => parse(text.trim()),
            _ => Err("must be a text in quotation marks".to_owned()),
        };
        self.keep(key, read)
    }

    fn keep<T>(&mut self, name: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|reason| self.faults.push(format!("{name}: {reason}"))).ok()
    }

    /// Ends the reading: what is left is unknown.
    pub fn finish(mut self) -> Result<(), ConfigError> {
        let mut unknown = Vec::new();
        for (name, value) in &self.environment {
            if is_set_by_a_cluster(name, value) || value.as_ref().is_ok_and(|value| value.trim().is_empty()) {
                continue;
            }
            if name.starts_with("VISAGE_PROVIDER_") {
                let fault = format!("{name} is no setting: this version knows no provider of profiles, so unset it");
                self.faults.push(fault);
            } else if name.starts_with("VISAGE_LIFETIME") {
                let fault =
                    format!("{name} is no setting: lifetimes stand in visage.toml, such as lifetimes.access_token");
                self.faults.push(fault);
            } else {
                unknown.push(name.as_str());
            }
        }
        if !unknown.is_empty() {
            let (are, unknown) =
                (if unknown.len() == 1 { "is no setting" } else { "are no settings" }, unknown.join(", "));
            self.faults.push(format!("{unknown} {are}: the variables are {}", self.known_variables.join(", ")));
        }
        for key in self.file.values.keys() {
            let path = self.file.path.display();
            let way_out = if key.starts_with("providers.") {
                "this version knows no provider of profiles, so remove it".to_owned()
            } else {
                format!("the keys are {}", self.known.join(", "))
            };
            self.faults.push(format!("{path} has the unknown key {key}: {way_out}"));
        }
        if self.faults.is_empty() { Ok(()) } else { Err(ConfigError::new(self.faults)) }
    }
}

/// Kubernetes tells every container of the services beside it: of one named `visage`, or `visage-db`, in variables that begin
/// as ours do and were set by nobody.
fn is_set_by_a_cluster(name: &str, value: &Result<String, ()>) -> bool {
    name.contains("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || ["_TCP", "_UDP", "_SCTP"].iter().any(|protocol| name.contains("_PORT_") && name.contains(protocol))
        || (name.ends_with("_PORT") && value.as_ref().is_ok_and(|value| value.contains("://")))
}

pub fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse::<T>().map_err(|error| error.to_string())
}

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    numeric.as_deref().unwrap_or(text).parse().map_err(|_| {
        format!("{text:?} is no address to listen on: write an IP address and a port, such as 127.0.0.1:8080")
    })
}

/// Never repeats the text: it may hold a password.
pub fn database_url(text: &str) -> Result<String, String> {
    let is_known = ["sqlite://", "postgres://", "postgresql://"]
        .iter()
        .any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    if is_known { Ok(text.to_owned()) } else { Err("must start with sqlite:// or postgres://".to_owned()) }
}

/// An absolute http(s) URL, kept without a slash at its end.
pub fn base_url(text: &str) -> Result<String, String> {
    let is_base = Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none() && url.fragment().is_none()
    });
    if is_base {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err(format!("{text:?} is no base of addresses: write it as https://images.example"))
    }
}

/// Origins with spaces between, each as a browser writes it: `https://app.example http://localhost:3000`.
pub fn origins(text: &str) -> Result<Vec<String>, String> {
    text.split_ascii_whitespace()
        .map(|origin| match Url::parse(origin) {
            Ok(url) if url.origin().ascii_serialization() == origin => Ok(origin.to_owned()),
            _ => Err(format!("{origin:?} is no origin: write it as https://app.example, spaces between several")),
        })
        .collect()
}

pub fn log_filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("{text:?} is no log filter: use error, warn, info, debug, trace or info,usecases=debug")),
    }
}

pub fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        other => Err(format!("{other:?} is no log format: use text or json")),
    }
}
