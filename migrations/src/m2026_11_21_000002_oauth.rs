//! OAuth: clients, authorization requests, grants, codes and tokens. Secrets are there as SHA-256 only.

use crate::columns::{index, references, time, time_null};
use sea_orm_migration::{
    prelude::*,
    schema::{binary, binary_null, boolean, text, text_null, uuid, uuid_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        clients(manager).await?;
        requests(manager).await?;
        grants(manager).await?;
        codes(manager).await?;
        tokens(manager).await
    }
}

async fn clients(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("oauth_client")
                .col(text("id").primary_key())
                .col(text("name"))
                .col(text("redirect_uris"))
                .col(text("auth_method"))
                .col(binary_null("secret_hash"))
                .col(boolean("may_refresh"))
                .col(text("registration"))
                .col(time("created_at"))
                .col(time_null("blocked_at"))
                .to_owned(),
        )
        .await
}

async fn requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("authorization_request")
                .col(uuid("id").primary_key())
                .col(text("client_id"))
                .col(text("redirect_uri"))
                .col(boolean("redirect_uri_was_sent"))
                .col(text_null("state"))
                .col(text("scopes"))
                .col(text("code_challenge"))
                .col(text("resource_path"))
                .col(text_null("nonce"))
                .col(uuid_null("picked_workspace_id"))
                .col(time("created_at"))
                .col(time("expires_at"))
                .col(time_null("decided_at"))
                .foreign_key(&mut references("authorization_request", "client_id", "oauth_client"))
                .foreign_key(&mut references("authorization_request", "picked_workspace_id", "workspace"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("authorization_request", ["expires_at"])).await
}

async fn grants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The subject is a kind and an identifier: one day an agent may stand where a person stands today.
    manager
        .create_table(
            Table::create()
                .table("oauth_grant")
                .col(uuid("id").primary_key())
                .col(text("subject_kind"))
                .col(uuid("subject_id"))
                .col(text("client_id"))
                .col(uuid("workspace_id"))
                .col(text("scopes"))
                .col(text("resource"))
                .col(text("redirect_uri"))
                .col(time("created_at"))
                .col(time_null("last_used_at"))
                .col(time_null("revoked_at"))
                .foreign_key(&mut references("oauth_grant", "client_id", "oauth_client"))
                .foreign_key(&mut references("oauth_grant", "workspace_id", "workspace"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("oauth_grant", ["workspace_id", "revoked_at"])).await?;
    manager.create_index(index("oauth_grant", ["subject_id", "revoked_at"])).await?;
    manager.create_index(index("oauth_grant", ["client_id"])).await
}

async fn codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("authorization_code")
                .col(binary("secret_hash").primary_key())
                .col(uuid("grant_id"))
                .col(text("client_id"))
                .col(text("redirect_uri"))
                .col(boolean("redirect_uri_was_sent"))
                .col(text("code_challenge"))
                .col(text("resource"))
                .col(text_null("nonce"))
                .col(time("expires_at"))
                .col(time_null("consumed_at"))
                .foreign_key(&mut references("authorization_code", "grant_id", "oauth_grant"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("authorization_code", ["grant_id"])).await?;
    manager.create_index(index("authorization_code", ["expires_at"])).await
}

async fn tokens(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // `parent_id` is the refresh token that was exchanged for the row. It is no foreign key: parents are swept first.
    manager
        .create_table(
            Table::create()
                .table("refresh_token")
                .col(uuid("id").primary_key())
                .col(binary("secret_hash").unique_key())
                .col(uuid("grant_id"))
                .col(uuid("family_id"))
                .col(time("family_created_at"))
                .col(uuid_null("parent_id"))
                .col(time("issued_at"))
                .col(time("expires_at"))
                .col(time_null("spent_at"))
                .col(time_null("revoked_at"))
                .foreign_key(&mut references("refresh_token", "grant_id", "oauth_grant"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("access_token")
                .col(uuid("id").primary_key())
                .col(binary("secret_hash").unique_key())
                .col(uuid("grant_id"))
                .col(uuid("family_id"))
                .col(uuid_null("refresh_id"))
                .col(uuid_null("parent_id"))
                .col(text("scopes"))
                .col(time("issued_at"))
                .col(time("expires_at"))
                .col(time_null("first_used_at"))
                .col(time_null("revoked_at"))
                .foreign_key(&mut references("access_token", "grant_id", "oauth_grant"))
                .to_owned(),
        )
        .await?;
    for table in ["refresh_token", "access_token"] {
        for column in ["grant_id", "family_id", "parent_id", "expires_at"] {
            manager.create_index(index(table, [column])).await?;
        }
    }
    Ok(())
}
