//! What can go wrong with rows, in sentences that hold no SQL and no values.

use sea_orm::{
    ConnAcquireErr, DbErr, RuntimeErr, SqlErr,
    sqlx::{self, error::DatabaseError},
};
use std::fmt;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database can't be reached: {0}")]
    Unreachable(String),
    #[error("the database can't be written: {0}")]
    Unwritable(String),
    #[error("the database was made by a newer version of Visage: start that version, or a newer one")]
    NewerSchema,
    #[error("the database is not set up for this version of Visage: `visage serve` sets it up when it starts")]
    NotMigrated,
    /// A row with the same unique name, address or secret is there already.
    #[error("such a row exists already")]
    Conflict,
    /// A row that the domain refuses: somebody wrote to the database behind our back.
    #[error("the database holds something that can't be understood: {0}")]
    Corrupt(String),
    #[error("the database failed: {0}")]
    Database(DatabaseFault),
}

/// A failure of the database itself, told by the driver's code. Its message is left out: it may quote values.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseFault(String);

impl fmt::Display for DatabaseFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for DatabaseFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => return Self::Conflict,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
                return Self::Database(DatabaseFault("a row refers to another one that is not there".to_owned()));
            }
            _ => {}
        }
        match error {
            DbErr::ConnectionAcquire(ConnAcquireErr::Timeout) => {
                Self::Unreachable("no connection became free in time".to_owned())
            }
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => Self::Unreachable("it was closed".to_owned()),
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => Self::from(&*error),
            DbErr::TryIntoErr { .. } | DbErr::Type(_) | DbErr::Json(_) => {
                Self::Corrupt("a column has another type than it should".to_owned())
            }
            _ => Self::Database(DatabaseFault("the driver gave up".to_owned())),
        }
    }
}

impl From<&sqlx::Error> for StoreError {
    fn from(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => from_database(&**error),
            sqlx::Error::Io(error) => Self::Unreachable(error.to_string()),
            sqlx::Error::Tls(_) => Self::Unreachable("no encrypted connection could be agreed on".to_owned()),
            sqlx::Error::PoolTimedOut => Self::Unreachable("no connection became free in time".to_owned()),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Self::Unreachable("it was closed".to_owned()),
            sqlx::Error::Configuration(_) => Self::Unreachable(
                "its URL is not understood: write it as sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME".to_owned(),
            ),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::TypeNotFound { .. } => {
                Self::Corrupt("a column has another type than it should".to_owned())
            }
            _ => Self::Database(DatabaseFault("the driver gave up".to_owned())),
        }
    }
}

/// Tells faults apart by code: an SQLSTATE of five characters, or an (extended) result code of SQLite's in decimal.
fn from_database(error: &dyn DatabaseError) -> StoreError {
    let code = error.code().unwrap_or_default();
    if code.len() == 5 && error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        return match &*code {
            "23505" => StoreError::Conflict,
            "53100" => StoreError::Unwritable("the disk is full".to_owned()),
            "25006" => StoreError::Unwritable("it is read-only".to_owned()),
            "53300" => StoreError::Unreachable("it has too many connections".to_owned()),
            "3D000" => StoreError::Unreachable("there is no database of that name".to_owned()),
            "28000" | "28P01" => StoreError::Unreachable("it refused the user name or the password".to_owned()),
            shutting_down if shutting_down.starts_with("57P") => {
                StoreError::Unreachable("it is starting or shutting down".to_owned())
            }
            broken if broken.starts_with("08") => StoreError::Unreachable("the connection broke".to_owned()),
            other => StoreError::Database(DatabaseFault(format!("PostgreSQL answered SQLSTATE {other}"))),
        };
    }
    // The low byte is the result code, the rest says more about it.
    let number = code.parse::<i32>().unwrap_or_default();
    match number & 0xff {
        8 => StoreError::Unwritable("the file or its folder is read-only".to_owned()),
        13 => StoreError::Unwritable("the disk is full".to_owned()),
        14 => StoreError::Unwritable("the file can't be opened".to_owned()),
        26 => StoreError::Unreachable("the file is no SQLite database".to_owned()),
        11 => StoreError::Corrupt("the file is damaged".to_owned()),
        19 if matches!(number, 1555 | 2067) => StoreError::Conflict,
        _ => StoreError::Database(DatabaseFault(format!("SQLite answered code {number}"))),
    }
}

/// For a value that the domain refuses; `what` names the column, never the value.
pub(crate) fn corrupt<E>(what: &'static str) -> impl FnOnce(E) -> StoreError {
    move |_| StoreError::Corrupt(what.to_owned())
}
