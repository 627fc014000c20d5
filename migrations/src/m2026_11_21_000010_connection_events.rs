//! The diary of connecting. A diary only: rows are merged, bound to grants and swept out, and reference nothing, so that what
//! is written late never fails for what is gone by then.

use crate::columns::{index, time};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, binary_null, text, text_null, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("connection_event")
                    .col(uuid("id").primary_key())
                    .col(time("at"))
                    .col(time("last_at"))
                    .col(text("step"))
                    .col(text_null("mismatch"))
                    .col(text_null("client_id"))
                    .col(uuid_null("request_id"))
                    .col(uuid_null("grant_id"))
                    .col(uuid_null("user_id"))
                    .col(binary_null("source"))
                    .col(big_integer("count"))
                    .col(binary("fingerprint").unique_key())
                    .to_owned(),
            )
            .await?;
        for column in ["at", "client_id", "request_id", "grant_id", "user_id", "source"] {
            manager.create_index(index("connection_event", [column])).await?;
        }
        Ok(())
    }
}
