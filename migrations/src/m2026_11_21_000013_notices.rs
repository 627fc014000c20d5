//! What a person has read and put away, one by one, and whether a grant ever became a connection.

use crate::columns::{index, primary, references, time, time_null};
use sea_orm_migration::{prelude::*, schema::uuid};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        put_away(manager).await?;
        connected(manager).await
    }
}

async fn put_away(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("notice_put_away")
                .col(uuid("user_id"))
                .col(uuid("notice_id"))
                .col(time("at"))
                .primary_key(&mut primary(["user_id", "notice_id"]))
                .foreign_key(&mut references("notice_put_away", "user_id", "user_account"))
                .to_owned(),
        )
        .await?;
    manager.create_index(index("notice_put_away", ["at"])).await?;
    // Until now all were put away at once, by a time that stands with the person.
    let person = |column| Expr::col(("user_account", column));
    let event = |column| Expr::col(("audit_event", column));
    let read = Query::select()
        .column(("user_account", "id"))
        .column(("audit_event", "id"))
        .column(("user_account", "alarms_seen_at"))
        .from("audit_event")
        .inner_join("user_account", event("concerns_user_id").equals(("user_account", "id")))
        .and_where(event("at").lte(person("alarms_seen_at")))
        .to_owned();
    let mut kept = Query::insert();
    kept.into_table("notice_put_away")
        .columns(["user_id", "notice_id", "at"])
        .select_from(read)
        .map_err(|error| DbErr::Migration(error.to_string()))?;
    manager.execute(kept).await?;
    let outlived = Table::alter().table("user_account").drop_column("alarms_seen_at").to_owned();
    manager.alter_table(outlived).await
}

/// Older grants are taken to have been connected as soon as they were made, if anything of a connection is on file.
async fn connected(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let column = time_null("connected_at");
    manager.alter_table(Table::alter().table("oauth_grant").add_column(column).to_owned()).await?;
    let with_tokens = |table: &'static str| Query::select().column("grant_id").from(table).to_owned();
    let id = || Expr::col("id");
    let update = Query::update()
        .table("oauth_grant")
        .value("connected_at", Expr::col("created_at"))
        .and_where(
            Expr::col("last_used_at")
                .is_not_null()
                .or(id().in_subquery(with_tokens("access_token")))
                .or(id().in_subquery(with_tokens("refresh_token"))),
        )
        .to_owned();
    manager.execute(update).await
}
