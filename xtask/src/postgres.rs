//! The programs of PostgreSQL, which Debian keeps off the PATH.

use std::{ffi::OsString, fs, path::PathBuf};

use anyhow::Result;

use crate::{
    shell,
    system_packages::{self, Packages},
};

/// The PATH with which `initdb` and `pg_ctl` are found, installing them where they are missing.
pub fn path() -> Result<OsString> {
    if let Some(path) = present() {
        return Ok(path);
    }
    system_packages::install(&Packages {
        purpose: "testing on PostgreSQL",
        apt: &["postgresql"],
        brew: Some("brew install postgresql@17 && brew link postgresql@17"),
    })?;
    present().ok_or_else(|| anyhow::anyhow!("PostgreSQL was installed, and yet `initdb` is not to be found"))
}

fn present() -> Option<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if shell::find("initdb").is_some() && shell::find("pg_ctl").is_some() {
        return Some(path);
    }
    let folder = newest_folder()?;
    let folders = std::iter::once(folder).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).ok()
}

/// `/usr/lib/postgresql/<version>/bin`, of the highest version that has a server.
fn newest_folder() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|version| {
            let version = version.ok()?;
            let number: u32 = version.file_name().to_str()?.parse().ok()?;
            let folder = version.path().join("bin");
            folder.join("initdb").is_file().then_some((number, folder))
        })
        .max()
        .map(|(_, folder)| folder)
}
