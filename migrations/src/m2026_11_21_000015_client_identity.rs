//! Who an app is: a grant keeps the name that the person consented to, and no two clients are one registration.

use crate::columns::index;
use sea_orm_migration::{prelude::*, schema::text};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        name_grants(manager).await?;
        part_twins(manager).await?;
        manager.drop_index(Index::drop().name("oauth_client_fingerprint").table("oauth_client").to_owned()).await?;
        manager.create_index(index("oauth_client", ["fingerprint"]).unique().to_owned()).await
    }
}

/// What a client was called earlier is not known any more: older grants are taken to be of its name of today.
async fn name_grants(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let column = text("client_name").default("").to_owned();
    manager.alter_table(Table::alter().table("oauth_grant").add_column(column).to_owned()).await?;
    let name = Query::select()
        .column("name")
        .from("oauth_client")
        .and_where(Expr::col(("oauth_client", "id")).equals(("oauth_grant", "client_id")))
        .to_owned();
    let named = Query::update()
        .table("oauth_grant")
        .value("client_name", Expr::SubQuery(None, Box::new(name.into())))
        .to_owned();
    manager.execute(named).await
}

/// Of clients that registered at the same moment with the very same metadata the oldest stays the one that is recognised.
/// The others go on for whoever holds their identifier.
async fn part_twins(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let [own, others] = ["oauth_client", "twin"].map(|table| move |column| Expr::col((table, column)));
    let is_older = others("created_at")
        .lt(own("created_at"))
        .or(others("created_at").eq(own("created_at")).and(others("id").lt(own("id"))));
    let older_twin = Query::select()
        .column("id")
        .from_as("oauth_client", "twin")
        .and_where(others("fingerprint").eq(own("fingerprint")))
        .and_where(is_older)
        .to_owned();
    let parted = Query::update()
        .table("oauth_client")
        .value("fingerprint", Option::<Vec<u8>>::None)
        .and_where(Expr::exists(older_twin))
        .to_owned();
    manager.execute(parted).await
}
