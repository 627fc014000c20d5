//! From a URL to open connections, tuned for each database.

use crate::error::StoreError;
use sea_orm::{
    DatabaseConnection, SqlxPostgresConnector, SqlxSqliteConnector,
    sqlx::{
        self, ConnectOptions, Connection,
        postgres::{PgConnectOptions, PgConnection, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long SQLite waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long PostgreSQL may take to let us in when we start.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a request waits for a connection before it fails.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
/// A PostgreSQL connection that lay idle this long is tried before it is handed out.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);

/// Opens the writer and the reader.
pub(crate) async fn connect(database_url: &str) -> Result<(DatabaseConnection, DatabaseConnection), StoreError> {
    if let Some(path) = sqlite_path(database_url) {
        return sqlite(&path).await;
    }
    if database_url.starts_with("postgres://") || database_url.starts_with("postgresql://") {
        let both = postgres(database_url).await?;
        return Ok((both.clone(), both));
    }
    Err(StoreError::from(&sqlx::Error::Configuration("unknown scheme".into())))
}

/// The file that a `sqlite:` URL names; none for other URLs. Paths are taken as they are, without percent-encoding.
pub fn sqlite_path(database_url: &str) -> Option<PathBuf> {
    let path = database_url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    (!path.is_empty()).then(|| PathBuf::from(path))
}

async fn sqlite(path: &Path) -> Result<(DatabaseConnection, DatabaseConnection), StoreError> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(|error| {
            StoreError::Unwritable(format!("the folder {} can't be made: {error}", parent.display()))
        })?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    let pool = || {
        SqlitePoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
    };
    let named = |error: sqlx::Error| match StoreError::from(&error) {
        StoreError::Unwritable(reason) => StoreError::Unwritable(format!("{}: {reason}", path.display())),
        StoreError::Unreachable(reason) => StoreError::Unreachable(format!("{}: {reason}", path.display())),
        other => other,
    };
    let writer =
        pool().max_connections(1).connect_with(options.clone().create_if_missing(true)).await.map_err(named)?;
    let reader =
        pool().max_connections(SQLITE_READERS).connect_with(options.pragma("query_only", "on")).await.map_err(named)?;
    Ok((SqlxSqliteConnector::from_sqlx_sqlite_pool(writer), SqlxSqliteConnector::from_sqlx_sqlite_pool(reader)))
}

async fn postgres(database_url: &str) -> Result<DatabaseConnection, StoreError> {
    let options: PgConnectOptions = database_url.parse().map_err(|error| StoreError::from(&error))?;
    let options = options.application_name("visage").disable_statement_logging();
    // A pool would try again and again before it tells; at the start one attempt says what is wrong.
    let attempt = tokio::time::timeout(CONNECT_TIMEOUT, PgConnection::connect_with(&options));
    match attempt.await {
        Ok(Ok(connection)) => connection.close().await,
        Ok(Err(error)) => Err(error),
        Err(_) => return Err(StoreError::Unreachable("it does not answer".to_owned())),
    }
    .map_err(|error| StoreError::from(&error))?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, lying| {
            Box::pin(async move {
                if lying.idle_for >= TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options);
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}
