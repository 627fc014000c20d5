//! Who runs the server, the policy for clients, and whom an entry of the audit log concerns.

use crate::columns::{index, time, time_null};
use sea_orm_migration::{
    prelude::*,
    schema::{text, uuid, uuid_null},
    sea_orm::prelude::Uuid,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        operators(manager).await?;
        policy(manager).await?;
        manager
            .alter_table(Table::alter().table("audit_event").add_column(uuid_null("concerns_user_id")).to_owned())
            .await?;
        manager.create_index(index("audit_event", ["concerns_user_id", "at"])).await
    }
}

async fn operators(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [time_null("operator_since"), time_null("alarms_seen_at")] {
        manager.alter_table(Table::alter().table("user_account").add_column(column).to_owned()).await?;
    }
    // Whoever was there first set the server up.
    let oldest = Query::select()
        .column("id")
        .from("user_account")
        .and_where(Expr::col("disabled_at").is_null())
        .order_by("created_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(1)
        .to_owned();
    let first = Query::update()
        .table("user_account")
        .value("operator_since", Expr::col("created_at"))
        .and_where(Expr::col("id").in_subquery(oldest))
        .to_owned();
    manager.execute(first).await
}

async fn policy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("client_policy_rule")
                .col(uuid("id").primary_key())
                .col(text("subject_kind"))
                .col(text("subject"))
                .col(text("effect"))
                .col(time("created_at"))
                .to_owned(),
        )
        .await?;
    let mut by_subject = index("client_policy_rule", ["subject_kind", "subject"]);
    manager.create_index(by_subject.unique().to_owned()).await?;
    // What holds for everybody else is a row too, and always there: whoever changes the policy locks it.
    let mut default = Query::insert();
    default
        .into_table("client_policy_rule")
        .columns(["id", "subject_kind", "subject", "effect", "created_at"])
        .values_panic([Expr::value(Uuid::nil()), "default".into(), "".into(), "allow".into(), 0_i64.into()]);
    manager.execute(default).await
}
