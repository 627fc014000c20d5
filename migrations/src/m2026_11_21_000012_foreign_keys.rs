//! Whoever deletes a row looks for what points to it. Without an index on the foreign key that reads the whole table.

use crate::columns::index;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("authorization_request", ["client_id"])).await?;
        manager.create_index(index("authorization_request", ["picked_workspace_id"])).await?;
        manager.create_index(index("workspace", ["plan_id"])).await
    }
}
