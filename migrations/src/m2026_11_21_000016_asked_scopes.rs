//! A grant keeps what its client asked for, so that answers name nothing else.

use sea_orm_migration::{prelude::*, schema::text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Nothing is known of older grants, whose clients go on to be told everything.
        let column = text("asked_scopes").default("").to_owned();
        manager.alter_table(Table::alter().table("oauth_grant").add_column(column).to_owned()).await
    }
}
