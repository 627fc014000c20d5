//! The audit log. Rows are appended, never changed; they outlive what they speak of, so they reference nothing.

use crate::columns::{index, time};
use sea_orm_migration::{
    prelude::*,
    schema::{text, text_null, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit_event")
                    .col(uuid("id").primary_key())
                    .col(time("at"))
                    .col(uuid_null("workspace_id"))
                    .col(text("actor_kind"))
                    .col(text_null("actor_id"))
                    .col(text("action"))
                    .col(text("target"))
                    .col(text("detail"))
                    .to_owned(),
            )
            .await?;
        manager.create_index(index("audit_event", ["workspace_id", "at"])).await
    }
}
