//! OpenID Connect: the keys that identity tokens are signed with, the client assertions that were spent, and what an
//! authorization request says of the sign-in.

use crate::columns::{index, time, time_null};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer_null, binary, text, text_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        keys(manager).await?;
        assertions(manager).await?;
        requests(manager).await?;
        let signed_in_at = Table::alter().table("authorization_code").add_column(time_null("signed_in_at")).to_owned();
        manager.alter_table(signed_in_at).await
    }
}

async fn keys(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("signing_key")
                .col(text("id").primary_key())
                .col(text("algorithm"))
                .col(text("public_jwk"))
                .col(binary("private_key"))
                .col(time("created_at"))
                .col(time_null("retired_at"))
                .to_owned(),
        )
        .await?;
    // Two programs that make the first key of an algorithm at once end with one.
    let mut current = Index::create();
    current
        .name("signing_key_current")
        .table("signing_key")
        .col("algorithm")
        .unique()
        .and_where(Expr::col("retired_at").is_null());
    manager.create_index(current).await
}

async fn assertions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("client_assertion")
                .col(binary("hash").primary_key())
                .col(time("expires_at"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("client_assertion", ["expires_at"])).await
}

async fn requests(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = [text("prompt").default("").to_owned(), big_integer_null("max_age_seconds"), text_null("login_hint")];
    // One statement a column: SQLite adds no two at once.
    for column in columns {
        manager.alter_table(Table::alter().table("authorization_request").add_column(column).to_owned()).await?;
    }
    Ok(())
}
