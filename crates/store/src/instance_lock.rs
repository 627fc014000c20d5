//! One server per SQLite file: a lock that the system lets go of when the process ends, however it ends.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

/// Held for as long as it lives.
#[derive(Debug)]
pub struct InstanceLock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum AlreadyRunning {
    #[error("another server is using {0}: stop it first, or give this one a database of its own")]
    Locked(PathBuf),
    #[error("{0} can't be locked: {1}")]
    Unwritable(PathBuf, std::io::Error),
}

impl InstanceLock {
    /// Locks `{database}.lock`, a file beside the database, made with its folder if it is not there.
    pub fn acquire(database: &Path) -> Result<Self, AlreadyRunning> {
        let mut name = database.as_os_str().to_owned();
        name.push(".lock");
        let path = PathBuf::from(name);
        let unwritable = |error| AlreadyRunning::Unwritable(path.clone(), error);
        if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(unwritable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(AlreadyRunning::Locked(database.to_owned())),
            Err(TryLockError::Error(error)) => Err(unwritable(error)),
        }
    }
}
