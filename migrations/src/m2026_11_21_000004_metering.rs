//! Metering: what a workspace used in a month, which profiles it has paid for, and every call, singly and by day.

use crate::columns::{index, primary, references, time};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, boolean, text, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        quota(manager).await?;
        usage(manager).await
    }
}

async fn quota(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("quota_counter")
                .col(uuid("workspace_id"))
                .col(time("cycle_from"))
                .col(big_integer("avatar_requests"))
                .col(big_integer("avatar_new_profiles"))
                .primary_key(&mut primary(["workspace_id", "cycle_from"]))
                .foreign_key(&mut references("quota_counter", "workspace_id", "workspace"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("seen_profile")
                .col(uuid("workspace_id"))
                .col(text("vanity"))
                .col(time("first_seen_at"))
                .primary_key(&mut primary(["workspace_id", "vanity"]))
                .foreign_key(&mut references("seen_profile", "workspace_id", "workspace"))
                .to_owned(),
        )
        .await
}

async fn usage(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // A payer is a grant or a key. Its row may go one day; what it used stays.
    manager
        .create_table(
            Table::create()
                .table("usage_event")
                .col(uuid("id").primary_key())
                .col(text("event"))
                .col(time("at"))
                .col(uuid("workspace_id"))
                .col(text("payer_kind"))
                .col(uuid("payer_id"))
                .col(text("operation"))
                .col(text("vanity"))
                .col(text("outcome"))
                .col(boolean("is_new_profile"))
                .foreign_key(&mut references("usage_event", "workspace_id", "workspace"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("usage_event", ["workspace_id", "at"])).await?;
    manager
        .create_table(
            Table::create()
                .table("usage_day")
                .col(uuid("workspace_id"))
                .col(big_integer("day"))
                .col(text("payer_kind"))
                .col(uuid("payer_id"))
                .col(big_integer("calls"))
                .col(big_integer("new_profiles"))
                .col(big_integer("found"))
                .primary_key(&mut primary(["workspace_id", "day", "payer_kind", "payer_id"]))
                .foreign_key(&mut references("usage_day", "workspace_id", "workspace"))
                .to_owned(),
        )
        .await
}
