//! What may be set, and how faults are told.

use super::{ConfigError, LogFormat, ServerConfig, file, sources::Sources};
use domain::settings::SignUpPolicy;
use std::{path::Path, time::Duration};

fn read(file: &str, environment: &[(&str, &str)]) -> Result<ServerConfig, ConfigError> {
    let file = file::parse(Path::new("visage.toml"), file)?;
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), Ok((*value).to_owned()))).collect();
    ServerConfig::from_sources(Sources::new(file, environment))
}

#[test]
fn a_first_start_needs_nothing() {
    let config = read("", &[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database_url, "sqlite://./data/visage.db");
    let settings = config.settings(8080);
    assert_eq!(settings.public_url.as_str(), "http://localhost:8080");
    assert_eq!(settings.cdn_url, "http://localhost:8080/cdn");
    assert_eq!(settings.sign_up, SignUpPolicy::Invite);
}

#[test]
fn the_environment_overrides_the_file() {
    let file = "listen = \"127.0.0.1:9000\"\nlog_format = \"text\"\n[lifetimes]\naccess_token = \"2h\"\n";
    let config = read(file, &[("VISAGE_LISTEN", "127.0.0.1:0"), ("VISAGE_LOG_FORMAT", "json")]).unwrap();
    assert_eq!(config.listen.port(), 0);
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(config.lifetimes.access_token, Duration::from_secs(7_200));
}

#[test]
fn rate_limits_are_numbers_in_the_file_and_texts_in_the_environment() {
    let file = "[rate_limits]\nregistrations = 7\nimages = \"8\"\n";
    let environment = [("VISAGE_RATE_LIMIT_TOOL_CALLS", "0"), ("VISAGE_RATE_LIMIT_AUTHORIZATIONS", "9")];
    let limits = read(file, &environment).unwrap().settings(8080).rate_limits;
    assert_eq!((limits.registrations, limits.authorizations, limits.tool_calls, limits.images), (7, 9, 0, 8));
    let text = read("[rate_limits]\nimages = -1\n", &[]).unwrap_err().to_string();
    assert!(text.contains("rate_limits.images"), "{text}");
}

#[test]
fn all_faults_are_told_together() {
    let file = "listn = \"x\"\ndata_dir = 7\n[lifetimes]\naccess_token = \"soon\"\n[providers.acme]\nkey = \"k\"\n";
    let error = read(file, &[("VISAGE_SIGN_UP", "maybe"), ("VISAGE_PUBLIC_URL", "http://visage.example")]).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.faults().len(), 6, "{text}");
    for part in ["listn", "data_dir", "lifetimes.access_token", "VISAGE_SIGN_UP", "VISAGE_PUBLIC_URL", "providers.acme"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains('\n'));
}

#[test]
fn a_variable_that_is_no_setting_is_told_with_every_other_fault() {
    let environment = [
        ("VISAGE_LISTN", "127.0.0.1:9000"),
        ("VISAGE_PROVIDER_ACME_KEY", "hunter2"),
        ("VISAGE_LIFETIMES_ACCESS_TOKEN", "2h"),
        ("VISAGE_PORT", "9000"),
        ("VISAGE_SIGN_UP", "maybe"),
    ];
    let error = read("listn = \"x\"", &environment).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.faults().len(), 5, "{text}");
    for part in
        ["VISAGE_LISTN, VISAGE_PORT are no settings", "VISAGE_DATABASE_URL", "no provider", "stand in visage.toml"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn what_a_cluster_says_of_its_services_is_no_setting_of_ours() {
    let environment = [
        ("VISAGE_SERVICE_HOST", "10.0.0.1"),
        ("VISAGE_SERVICE_PORT_HTTP", "8080"),
        ("VISAGE_PORT", "tcp://10.0.0.1:8080"),
        ("VISAGE_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("VISAGE_DB_PORT_5432_TCP", "tcp://10.0.0.2:5432"),
        ("VISAGE_LOG", "debug"),
        // Unset in the way that a compose file can.
        ("VISAGE_OLD_SETTING", ""),
    ];
    assert_eq!(read("", &environment).unwrap().log.as_deref(), Some("debug"));
}

#[test]
fn a_database_address_is_never_repeated() {
    let text = read("database_url = \"mysql://user:hunter2@host/db\"", &[]).unwrap_err().to_string();
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn broken_toml_is_told_by_its_line() {
    let text = read("listen = \"127.0.0.1:1\"\nlog = \n", &[]).unwrap_err().to_string();
    assert!(text.contains("line 2"), "{text}");
}
