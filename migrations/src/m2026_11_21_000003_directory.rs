//! The directory of people who can be looked up, and the keys of the image API.

use crate::columns::{index, references, time, time_null};
use sea_orm_migration::{
    prelude::*,
    schema::{binary, boolean, boolean_null, text, text_null, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("profile")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(text("vanity"))
                    .col(text("name"))
                    .col(text_null("headline"))
                    .col(text_null("company"))
                    .col(text_null("summary"))
                    .col(text_null("industry"))
                    .col(text_null("location"))
                    .col(boolean_null("open_to_work"))
                    .col(text_null("photo"))
                    .col(time("updated_at"))
                    .foreign_key(&mut references("profile", "workspace_id", "workspace"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("profile", ["workspace_id", "vanity"]).unique().to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("api_key")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(binary("secret_hash").unique_key())
                    .col(text("kind"))
                    .col(text("name"))
                    .col(text("hint"))
                    .col(text_null("readable"))
                    .col(text("allowed_domains"))
                    .col(boolean("is_connector"))
                    .col(time("created_at"))
                    .col(time_null("last_used_at"))
                    .col(time_null("revoked_at"))
                    .foreign_key(&mut references("api_key", "workspace_id", "workspace"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("api_key", ["workspace_id"])).await?;
        manager.create_index(index("api_key", ["hint"])).await
    }
}
