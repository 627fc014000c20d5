//! People, their sessions, workspaces, memberships, and the plans that workspaces are on.

use crate::columns::{index, needs, primary, references, time, time_null};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, binary, text, text_uniq, uuid},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        people(manager).await?;
        plans(manager).await?;
        workspaces(manager).await
    }
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("user_account")
                .col(uuid("id").primary_key())
                .col(text_uniq("email"))
                .col(text("name"))
                .col(text("password_hash"))
                .col(time("created_at"))
                .col(time_null("disabled_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("session")
                .col(uuid("id").primary_key())
                .col(uuid("user_id"))
                .col(binary("secret_hash").unique_key())
                .col(time("created_at"))
                .col(time("expires_at"))
                .foreign_key(&mut references("session", "user_id", "user_account"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("session", ["user_id"])).await?;
    manager.create_index(index("session", ["expires_at"])).await?;
    // Kept by a hash of the address: a table of failures need not be a list of people.
    manager
        .create_table(
            Table::create()
                .table("sign_in_attempt")
                .col(binary("email_hash").primary_key())
                .col(big_integer("failures"))
                .col(time("last_at"))
                .to_owned(),
        )
        .await
}

async fn plans(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("plan")
                .col(text("id").primary_key())
                .col(text("name"))
                .col(big_integer("avatar_requests"))
                .col(big_integer("avatar_new_profiles"))
                .to_owned(),
        )
        .await?;
    let mut insert = Query::insert();
    insert.into_table("plan").columns(["id", "name", "avatar_requests", "avatar_new_profiles"]);
    for (id, name, requests, new_profiles) in
        [("free", "Free", 1_000_i64, 100_i64), ("team", "Team", 20_000, 2_000), ("scale", "Scale", 500_000, 50_000)]
    {
        insert.values_panic([id.into(), name.into(), requests.into(), new_profiles.into()]);
    }
    manager.execute(insert).await
}

async fn workspaces(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("workspace")
                .col(uuid("id").primary_key())
                .col(text_uniq("slug"))
                .col(text("name"))
                .col(text("plan_id"))
                .col(time("created_at"))
                .foreign_key(&mut needs("workspace", "plan_id", "plan"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("membership")
                .col(uuid("workspace_id"))
                .col(uuid("user_id"))
                .col(text("role"))
                .col(time("created_at"))
                .primary_key(&mut primary(["workspace_id", "user_id"]))
                .foreign_key(&mut references("membership", "workspace_id", "workspace"))
                .foreign_key(&mut references("membership", "user_id", "user_account"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("membership", ["user_id"])).await
}
