//! Putting the house together: data folder, lock, database, and what use cases are given. Every fault is a sentence with
//! the way out.

use crate::{cli::Fault, config::ServerConfig};
use domain::settings::Settings;
use std::{fs, io, path::Path};
use store::{InstanceLock, Store, StoreError, instance_lock::AlreadyRunning};
use tokio::net::TcpListener;
use usecases::Deps;

/// A house that is open, and alone on its SQLite file.
pub struct House {
    pub deps: Deps,
    _lock: Option<InstanceLock>,
}

impl House {
    /// For `visage serve`: nobody else serves this SQLite file, and the schema is brought up to date.
    pub async fn open(config: &ServerConfig, settings: Settings) -> Result<Self, Fault> {
        prepare_folder(&config.data_dir)?;
        let lock = match store::sqlite_path(&config.database_url) {
            Some(file) => Some(lock(&file)?),
            None => None,
        };
        let store = Store::connect(&config.database_url).await.map_err(|error| database(&error))?;
        store.migrate().await.map_err(|error| database(&error))?;
        Ok(Self { deps: Deps::new(store, settings), _lock: lock })
    }
}

/// What a command does where there is no SQLite file yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutDatabase {
    Create,
    /// A new one would be empty: most likely the command runs in the wrong folder.
    Refuse,
}

/// For the other commands, which work beside a running server. A schema that is not this version's is brought up to date.
pub async fn open_beside(config: &ServerConfig, without: WithoutDatabase) -> Result<Deps, Fault> {
    let missing = store::sqlite_path(&config.database_url).filter(|file| !file.exists());
    if let (WithoutDatabase::Refuse, Some(file)) = (without, missing) {
        return Err(Fault::new(format!(
            "There is no database at {}: run the command in the folder where `visage serve` runs, or set data_dir (VISAGE_DATA_DIR or --config).",
            file.display()
        )));
    }
    prepare_folder(&config.data_dir)?;
    let store = Store::connect(&config.database_url).await.map_err(|error| database(&error))?;
    match store.check_schema().await {
        Ok(()) => {}
        Err(StoreError::NotMigrated) => {
            // Held while the schema changes, so that no server starts or runs in the middle of it.
            let _lock = match store::sqlite_path(&config.database_url) {
                Some(file) => Some(lock(&file)?),
                None => None,
            };
            store.migrate().await.map_err(|error| database(&error))?;
        }
        Err(error) => return Err(database(&error)),
    }
    Ok(Deps::new(store, config.settings(config.listen.port())))
}

pub async fn listen(config: &ServerConfig) -> Result<TcpListener, Fault> {
    TcpListener::bind(config.listen).await.map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::AddrInUse => "something else listens there already".to_owned(),
            io::ErrorKind::PermissionDenied => "this user may not listen there".to_owned(),
            io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
            _ => error.to_string(),
        };
        Fault::new(format!(
            "Can't listen on {}: {reason}. Set VISAGE_LISTEN to another address, such as 127.0.0.1:8081 (or port 0 for any free one).",
            config.listen
        ))
    })
}

/// Makes the data folder, and makes sure that it can be written: better now than with the first photo.
pub fn prepare_folder(folder: &Path) -> Result<(), Fault> {
    let probe = folder.join(format!(".visage-{}", std::process::id()));
    let written =
        fs::create_dir_all(folder).and_then(|()| fs::write(&probe, b"")).and_then(|()| fs::remove_file(&probe));
    written.map_err(|error| {
        Fault::new(format!(
            "The data folder {} can't be written ({error}): make it writable, or set VISAGE_DATA_DIR to another folder.",
            folder.display()
        ))
    })
}

fn lock(file: &Path) -> Result<InstanceLock, Fault> {
    InstanceLock::acquire(file).map_err(|error| match error {
        AlreadyRunning::Locked(file) => Fault::new(format!(
            "Another visage serves {} already: stop it first, or set VISAGE_DATA_DIR to give this one a folder of its own.",
            file.display()
        )),
        AlreadyRunning::Unwritable(file, error) => Fault::new(format!(
            "{} can't be written ({error}): make its folder writable, or set VISAGE_DATABASE_URL to another file.",
            file.display()
        )),
    })
}

/// A fault of the database as one sentence. What the store says holds neither values nor passwords.
pub fn database(error: &StoreError) -> Fault {
    let way_out = match error {
        StoreError::Unreachable(_) => ": check VISAGE_DATABASE_URL, and that the database runs",
        StoreError::Unwritable(_) => ": check the folder's owner and the space on its disk",
        _ => "",
    };
    Fault::new(crate::words::sentence(&format!("{error}{way_out}")))
}
