//! Writing calls down: the rows and their sums, in the caller's transaction.

use super::{GRANT, KEY};
use crate::{
    StoreError, Transaction,
    entity::{usage_day, usage_event},
    rows::sealed::Connected,
};
use domain::{
    id::WorkspaceId,
    usage::{AVATAR_REQUEST, Outcome, Payer, UsageEvent},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::BTreeMap;

/// Rows of ten columns in one statement. SQLite binds at most 32,766 values.
const ROWS_AT_ONCE: usize = 500;

#[derive(Default)]
struct Sums {
    calls: i64,
    new_profiles: i64,
    found: i64,
}

/// Appends calls, each with whether its profile was new to the workspace.
pub async fn append(transaction: &Transaction, events: &[(UsageEvent, bool)]) -> Result<(), StoreError> {
    for chunk in events.chunks(ROWS_AT_ONCE) {
        usage_event::Entity::insert_many(chunk.iter().map(|(event, is_new)| row(event, *is_new)))
            .exec_without_returning(transaction.connection())
            .await?;
    }
    let sums: Vec<usage_day::ActiveModel> = add_up(events);
    for chunk in sums.chunks(ROWS_AT_ONCE) {
        use usage_day::Column;
        let added = |column: Column| Expr::col(column.as_column_ref()).add(Expr::col(("excluded", column)));
        let add = OnConflict::columns([Column::WorkspaceId, Column::Day, Column::PayerKind, Column::PayerId])
            .value(Column::Calls, added(Column::Calls))
            .value(Column::NewProfiles, added(Column::NewProfiles))
            .value(Column::Found, added(Column::Found))
            .to_owned();
        usage_day::Entity::insert_many(chunk.iter().cloned())
            .on_conflict(add)
            .exec_without_returning(transaction.connection())
            .await?;
    }
    Ok(())
}

fn row(event: &UsageEvent, is_new_profile: bool) -> usage_event::ActiveModel {
    let (kind, payer) = payer(event.payer);
    usage_event::ActiveModel {
        id: Set(event.id.0),
        event: Set(AVATAR_REQUEST.to_owned()),
        at: Set(event.at.as_millis()),
        workspace_id: Set(event.workspace.0),
        payer_kind: Set(kind.to_owned()),
        payer_id: Set(payer),
        operation: Set(event.operation.to_owned()),
        vanity: Set(event.vanity.as_str().to_owned()),
        outcome: Set(event.outcome.as_str().to_owned()),
        is_new_profile: Set(is_new_profile),
    }
}

/// In the order of the key: two batches that touch the same rows can't wait for each other in a circle.
fn add_up(events: &[(UsageEvent, bool)]) -> Vec<usage_day::ActiveModel> {
    let mut sums: BTreeMap<(WorkspaceId, i64, &str, Uuid), Sums> = BTreeMap::new();
    for (event, is_new) in events {
        let (kind, payer) = payer(event.payer);
        let sum = sums.entry((event.workspace, event.at.day(), kind, payer)).or_default();
        sum.calls += 1;
        sum.new_profiles += i64::from(*is_new);
        sum.found += i64::from(event.outcome == Outcome::Found);
    }
    sums.into_iter()
        .map(|((workspace, day, kind, payer), sum)| usage_day::ActiveModel {
            workspace_id: Set(workspace.0),
            day: Set(day),
            payer_kind: Set(kind.to_owned()),
            payer_id: Set(payer),
            calls: Set(sum.calls),
            new_profiles: Set(sum.new_profiles),
            found: Set(sum.found),
        })
        .collect()
}

fn payer(payer: Payer) -> (&'static str, Uuid) {
    match payer {
        Payer::Grant(grant) => (GRANT, grant.0),
        Payer::Key(key) => (KEY, key.0),
    }
}
