//! The schema, one file per change, for SQLite and PostgreSQL.

mod columns;
mod m2026_11_21_000001_accounts;
mod m2026_11_21_000002_oauth;
mod m2026_11_21_000003_directory;
mod m2026_11_21_000004_metering;
mod m2026_11_21_000005_audit;
mod m2026_11_21_000006_clients;
mod m2026_11_21_000008_signing;
mod m2026_11_21_000009_client_policy;
mod m2026_11_21_000010_connection_events;
mod m2026_11_21_000011_redirect_uri;
mod m2026_11_21_000012_foreign_keys;
mod m2026_11_21_000013_notices;
mod m2026_11_21_000014_client_logo;
mod m2026_11_21_000015_client_identity;
mod m2026_11_21_000016_asked_scopes;

use sea_orm_migration::{prelude::*, sea_orm::EntityTrait, seaql_migrations};
use std::collections::HashSet;

/// Every change, oldest first. A change that was released is never edited: what it got wrong, the next one mends.
struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m2026_11_21_000001_accounts::Migration),
            Box::new(m2026_11_21_000002_oauth::Migration),
            Box::new(m2026_11_21_000003_directory::Migration),
            Box::new(m2026_11_21_000004_metering::Migration),
            Box::new(m2026_11_21_000005_audit::Migration),
            Box::new(m2026_11_21_000006_clients::Migration),
            Box::new(m2026_11_21_000008_signing::Migration),
            Box::new(m2026_11_21_000009_client_policy::Migration),
            Box::new(m2026_11_21_000010_connection_events::Migration),
            Box::new(m2026_11_21_000011_redirect_uri::Migration),
            Box::new(m2026_11_21_000012_foreign_keys::Migration),
            Box::new(m2026_11_21_000013_notices::Migration),
            Box::new(m2026_11_21_000014_client_logo::Migration),
            Box::new(m2026_11_21_000015_client_identity::Migration),
            Box::new(m2026_11_21_000016_asked_scopes::Migration),
        ]
    }
}

/// How a database's schema stands to this binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    Current,
    /// Changes are missing: none, some or all were applied.
    Older,
    /// It has changes that this binary has never heard of.
    Newer,
}

/// Compares without writing anything.
pub async fn state<'c>(connection: impl IntoSchemaManagerConnection<'c>) -> Result<SchemaState, DbErr> {
    let manager = SchemaManager::new(connection);
    let known: HashSet<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    if !manager.has_table("seaql_migrations").await? {
        return Ok(SchemaState::Older);
    }
    let rows = seaql_migrations::Entity::find().all(manager.get_connection()).await?;
    let applied: HashSet<String> = rows.into_iter().map(|row| row.version).collect();
    Ok(if !applied.is_subset(&known) {
        SchemaState::Newer
    } else if applied == known {
        SchemaState::Current
    } else {
        SchemaState::Older
    })
}

/// Applies what is missing. The caller gives a transaction, so that a fault leaves nothing half done.
pub async fn apply<'c>(connection: impl IntoSchemaManagerConnection<'c>) -> Result<(), DbErr> {
    Migrator::up(connection, None).await
}
