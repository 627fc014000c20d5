//! Whether an authorization request named its redirect URI decides nothing any more: PKCE binds the code (OAuth 2.1, section
//! 10.1).

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 2] = ["authorization_request", "authorization_code"];
const COLUMN: &str = "redirect_uri_was_sent";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager.alter_table(Table::alter().table(table).drop_column(COLUMN).to_owned()).await?;
        }
        Ok(())
    }
}
