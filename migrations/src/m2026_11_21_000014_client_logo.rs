//! Clients' logos: the address that a client names, and what was fetched from each such address.

use crate::columns::time;
use sea_orm_migration::{
    prelude::*,
    schema::{text, text_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let logo_uri = text_null("logo_uri");
        manager.alter_table(Table::alter().table("oauth_client").add_column(logo_uri).to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("client_logo")
                    .col(text("uri").primary_key())
                    .col(time("asked_at"))
                    .col(text_null("picture"))
                    .to_owned(),
            )
            .await
    }
}
