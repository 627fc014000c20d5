//! What is kept of a client grows: keys, a document's age, a management token, where it stands with the operator. Its block
//! becomes one of three standings.

use crate::columns::{index, time_null};
use sea_orm_migration::{
    prelude::*,
    schema::{binary_null, boolean, text, text_null},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            text_null("jwks"),
            text_null("jwks_uri"),
            text("identity_token_algorithm").default("ES256").to_owned(),
            boolean("may_introspect").default(false).to_owned(),
            binary_null("registration_token_hash"),
            binary_null("fingerprint"),
            time_null("document_fetched_at"),
            time_null("document_fresh_until"),
            boolean("document_is_pinned").default(false).to_owned(),
            text("standing").default("allowed").to_owned(),
            time_null("last_seen_at"),
        ];
        // One statement a column: SQLite adds no two at once.
        for column in columns {
            manager.alter_table(Table::alter().table("oauth_client").add_column(column).to_owned()).await?;
        }
        manager.create_index(index("oauth_client", ["fingerprint"])).await?;
        let blocked = Query::update()
            .table("oauth_client")
            .value("standing", "blocked")
            .and_where(Expr::col("blocked_at").is_not_null())
            .to_owned();
        manager.execute(blocked).await?;
        manager.alter_table(Table::alter().table("oauth_client").drop_column("blocked_at").to_owned()).await
    }
}
