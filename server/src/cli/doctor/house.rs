//! The house itself: configuration, data folder, database.

use super::findings::Findings;
use crate::{
    cli::Fault,
    config::{DEFAULT_FILE, ServerConfig},
    start,
};
use domain::doctor::{Report, Verdict};
use std::path::Path;
use store::{Store, StoreError};
use usecases::{Deps, workspace::OpenError};

/// Whether the URL is the configured server's own. A configuration that can't be read may well be the reason to ask.
pub fn is_own(file: Option<&Path>, url: &str) -> bool {
    let Ok(config) = ServerConfig::load(file) else { return true };
    let public_url = config.settings(config.listen.port()).public_url;
    url.strip_prefix(public_url.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub async fn check(file: Option<&Path>, findings: &mut Findings) -> Result<(), Fault> {
    let config = match ServerConfig::load(file) {
        Ok(config) => config,
        Err(error) => {
            for fault in error.faults() {
                findings.fail(format_args!("configuration: {fault}"))?;
            }
            return Ok(());
        }
    };
    let path = file.unwrap_or(Path::new(DEFAULT_FILE));
    let source = if path.exists() { path.display().to_string() } else { "the defaults".to_owned() };
    let settings = config.settings(config.listen.port());
    findings.well(format_args!(
        "configuration: {source}; public URL {}, listening on {}",
        settings.public_url, config.listen
    ))?;
    if !settings.public_url.is_https() {
        findings.warn(
            "public URL: plain http on this machine works for clients on it only; hosted ones such as Claude and ChatGPT need https",
        )?;
    }
    if config.data_dir.exists() {
        match start::prepare_folder(&config.data_dir) {
            Ok(()) => findings.well(format_args!("data folder: {} can be written", config.data_dir.display()))?,
            Err(fault) => findings.fail(fault)?,
        }
    } else {
        // Asking must not create.
        findings.well(format_args!(
            "data folder: {} is not there yet; the first start makes it",
            config.data_dir.display()
        ))?;
    }
    database(&config, findings).await
}

/// Whoever can read the database may know which workspaces there are.
pub async fn look_for_workspace(file: Option<&Path>, report: &mut Report) {
    let Some(workspace) = report.workspace.clone() else { return };
    match is_there(file, &workspace).await {
        Some(true) => report.add_to_address(Verdict::Pass, format!("There is a workspace {workspace:?}."), None),
        Some(false) => report.add_to_address(
            Verdict::Fail,
            format!("There is no workspace {workspace:?}: nobody could authorize an app for it."),
            Some("Give people the address of one that is there: `visage workspace list` shows all.".to_owned()),
        ),
        None => report.leave_workspace_open(),
    }
}

/// None where it can't be known: the walk goes on without.
async fn is_there(file: Option<&Path>, workspace: &str) -> Option<bool> {
    let config = ServerConfig::load(file).ok()?;
    // Asking must not create.
    if store::sqlite_path(&config.database_url).is_some_and(|file| !file.exists()) {
        return None;
    }
    let store = Store::connect(&config.database_url).await.ok()?;
    let found = match store.check_schema().await {
        Ok(()) => {
            let deps = Deps::new(store.clone(), config.settings(config.listen.port()));
            match usecases::workspace::find_by_slug(&deps, workspace).await {
                Ok(_) => Some(true),
                Err(OpenError::NotFound) => Some(false),
                Err(OpenError::Store(_)) => None,
            }
        }
        Err(_) => None,
    };
    store.close().await;
    found
}

async fn database(config: &ServerConfig, findings: &mut Findings) -> Result<(), Fault> {
    // Asking must not create: a SQLite file that is not there yet is no fault.
    if store::sqlite_path(&config.database_url).is_some_and(|file| !file.exists()) {
        return findings.well("database: not made yet; the first start makes it");
    }
    let store = match Store::connect(&config.database_url).await {
        Ok(store) => store,
        Err(error) => return findings.fail(start::database(&error)),
    };
    let checked = store.check_schema().await;
    store.close().await;
    match checked {
        Ok(()) => findings.well("database: reachable, and its schema is this version's"),
        Err(StoreError::NotMigrated) => {
            findings.well("database: reachable; its schema is older, and the next start brings it up to date")
        }
        Err(error) => findings.fail(start::database(&error)),
    }
}
