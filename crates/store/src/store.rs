//! The database: connecting, the schema, and transactions.

use crate::{connect, error::StoreError, rows::sealed::Connected};
use migrations::SchemaState;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};

/// Two programs that start on one PostgreSQL at once take turns by this number. It only has to be ours.
const MIGRATION_LOCK: i64 = 0x5649_5341_4745;

/// All rows. Cloning it is cheap: clones share their connections.
#[derive(Clone)]
pub struct Store {
    /// On SQLite a pool of exactly one connection, so that writers queue here and never meet a busy database.
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

/// Changes that are kept together or not at all. Dropped without [`Transaction::commit`], it is rolled back.
pub struct Transaction(DatabaseTransaction);

impl Store {
    /// Opens `sqlite://PATH` (made with its folders if it is not there) or `postgres://…`.
    pub async fn connect(database_url: &str) -> Result<Self, StoreError> {
        let (writer, reader) = connect::connect(database_url).await?;
        Ok(Self { writer, reader })
    }

    /// Brings the schema up to date. Nothing is changed in a database that a newer version has made.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        if self.writer.get_database_backend() == DbBackend::Postgres {
            transaction.0.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        }
        match migrations::state(&transaction.0).await? {
            SchemaState::Current => Ok(()),
            SchemaState::Newer => Err(StoreError::NewerSchema),
            SchemaState::Older => {
                migrations::apply(&transaction.0).await?;
                transaction.commit().await
            }
        }
    }

    /// Whether the schema is the one that this binary was built for.
    pub async fn check_schema(&self) -> Result<(), StoreError> {
        match migrations::state(&self.reader).await? {
            SchemaState::Current => Ok(()),
            SchemaState::Newer => Err(StoreError::NewerSchema),
            SchemaState::Older => Err(StoreError::NotMigrated),
        }
    }

    /// Starts a transaction. On SQLite it holds the one write lock from the start, so that it can't fail half-way
    /// because somebody else wrote.
    pub async fn begin(&self) -> Result<Transaction, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(Transaction(self.writer.begin_with_options(options).await?))
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.reader.ping().await?)
    }

    /// Closes every connection, of all clones. An open transaction is waited for.
    pub async fn close(self) {
        for connection in [self.reader, self.writer] {
            if let Err(error) = connection.close().await {
                tracing::warn!("The database did not close cleanly: {}", StoreError::from(error));
            }
        }
    }
}

impl Transaction {
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}

impl Connected for Store {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.reader
    }
}

impl Connected for Transaction {
    type Connection = DatabaseTransaction;

    fn connection(&self) -> &DatabaseTransaction {
        &self.0
    }
}
