//! The demo, built again and restarted when a file changes.

use std::{
    fs,
    process::Child,
    thread,
    time::{Duration, SystemTime},
};

use anyhow::Result;

use crate::{
    front::{self, Profile},
    server, shell, styles,
};

/// How long a change may wait to be seen.
const PAUSE: Duration = Duration::from_millis(400);

/// Folders whose change concerns only the style sheet; the server reads that anew for each request.
const LOOKS: &[&str] = &["style", "public"];
/// Folders that the server is made of.
const CODE: &[&str] = &["app", "frontend", "server", "crates", "migrations", "docs"];

/// Runs until it is interrupted. A build that fails leaves the last good server running.
pub fn dev(arguments: &[String]) -> Result<()> {
    let mut server = None;
    let mut seen = (None, None);
    loop {
        let now = (latest_change(LOOKS)?, latest_change(CODE)?);
        if now == seen {
            thread::sleep(PAUSE);
            continue;
        }
        let is_code_changed = now.1 != seen.1;
        seen = now;
        match rebuild(is_code_changed) {
            Err(error) => eprintln!("error: {error:#}"),
            Ok(()) if is_code_changed => {
                if let Some(running) = server.take() {
                    stop(running);
                }
                server =
                    Some(shell::command(server::binary(Profile::Development)).arg("demo").args(arguments).spawn()?);
            }
            Ok(()) => {}
        }
    }
}

fn rebuild(is_code_changed: bool) -> Result<()> {
    // Pages bring classes, so the sheet follows either change.
    styles::build()?;
    if is_code_changed {
        front::build(Profile::Development)?;
        server::build(Profile::Development)?;
    }
    Ok(())
}

fn latest_change(folders: &[&str]) -> Result<Option<SystemTime>> {
    let mut latest = None;
    for folder in folders {
        for file in styles::files_below(&shell::at(folder))? {
            // A file may be gone between being listed and being looked at.
            latest = latest.max(fs::metadata(file).and_then(|metadata| metadata.modified()).ok());
        }
    }
    Ok(latest)
}

/// Lets the server drain where the system has a way to ask for it.
fn stop(mut server: Child) {
    let asked = cfg!(unix) && shell::succeeds(shell::command("kill").arg(server.id().to_string()));
    if !asked {
        // It has ended by itself, or there is no politer way.
        let _ = server.kill();
    }
    let _ = server.wait();
}
