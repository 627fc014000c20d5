//! Reading usage back, by day and by payer. Days are counted from 1970-01-01 in UTC, both ends included.

use super::{GRANT, KEY};
use crate::{
    Rows, StoreError,
    cell::from_row,
    entity::{
        usage_day::{Column, Entity},
        usage_event,
    },
};
use domain::{
    id::{ApiKeyId, GrantId, WorkspaceId},
    usage::{Door, Payer},
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};
use std::collections::HashMap;

/// The calls of one day through one door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    pub day: i64,
    pub door: Door,
    pub calls: u64,
    pub new_profiles: u64,
}

/// The calls that one credential paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayerCount {
    pub payer: Payer,
    pub calls: u64,
    pub new_profiles: u64,
    /// Calls whose person is in the directory.
    pub found: u64,
}

#[derive(FromQueryResult)]
struct DayRow {
    day: i64,
    payer_kind: String,
    calls: i64,
    new_profiles: i64,
}

#[derive(FromQueryResult)]
struct PayerRow {
    payer_kind: String,
    payer_id: Uuid,
    calls: i64,
    new_profiles: i64,
    found: i64,
}

/// By day, then door; days without calls are left out.
pub async fn by_day(
    rows: &impl Rows,
    workspace: WorkspaceId,
    from_day: i64,
    to_day: i64,
) -> Result<Vec<DayCount>, StoreError> {
    let query = days(workspace, from_day, to_day)
        .select_only()
        .column(Column::Day)
        .column(Column::PayerKind)
        .expr_as(sum(Column::Calls), "calls")
        .expr_as(sum(Column::NewProfiles), "new_profiles")
        .group_by(Column::Day)
        .group_by(Column::PayerKind)
        .order_by_asc(Column::Day)
        .order_by_asc(Column::PayerKind);
    let read = |row: DayRow| {
        Ok(DayCount {
            day: row.day,
            door: payer(&row.payer_kind, Uuid::nil())?.door(),
            calls: from_row(row.calls),
            new_profiles: from_row(row.new_profiles),
        })
    };
    query.into_model().all(rows.connection()).await?.into_iter().map(read).collect()
}

/// Most calls first.
pub async fn by_payer(
    rows: &impl Rows,
    workspace: WorkspaceId,
    from_day: i64,
    to_day: i64,
) -> Result<Vec<PayerCount>, StoreError> {
    let query = days(workspace, from_day, to_day)
        .select_only()
        .column(Column::PayerKind)
        .column(Column::PayerId)
        .expr_as(sum(Column::Calls), "calls")
        .expr_as(sum(Column::NewProfiles), "new_profiles")
        .expr_as(sum(Column::Found), "found")
        .group_by(Column::PayerKind)
        .group_by(Column::PayerId);
    let read = |row: PayerRow| {
        Ok(PayerCount {
            payer: payer(&row.payer_kind, row.payer_id)?,
            calls: from_row(row.calls),
            new_profiles: from_row(row.new_profiles),
            found: from_row(row.found),
        })
    };
    let found = query.into_model().all(rows.connection()).await?.into_iter().map(read);
    let mut list = found.collect::<Result<Vec<PayerCount>, StoreError>>()?;
    list.sort_by_key(|count| (std::cmp::Reverse(count.calls), payer_id(count.payer)));
    Ok(list)
}

/// How many calls were ever written down, row by row. Tests prove with it that every answered call left its row.
pub async fn count(rows: &impl Rows, workspace: WorkspaceId) -> Result<u64, StoreError> {
    let query = usage_event::Entity::find().filter(usage_event::Column::WorkspaceId.eq(workspace.0));
    Ok(query.count(rows.connection()).await?)
}

/// Calls by grant from a day on; grants without calls are left out.
pub async fn calls_of_grants(
    rows: &impl Rows,
    workspace: WorkspaceId,
    since_day: i64,
) -> Result<HashMap<GrantId, u64>, StoreError> {
    let counts = by_payer(rows, workspace, since_day, i64::MAX).await?;
    let of_grant = |count: PayerCount| match count.payer {
        Payer::Grant(grant) => Some((grant, count.calls)),
        Payer::Key(_) => None,
    };
    Ok(counts.into_iter().filter_map(of_grant).collect())
}

fn days(workspace: WorkspaceId, from_day: i64, to_day: i64) -> Select<Entity> {
    Entity::find().filter(Column::WorkspaceId.eq(workspace.0)).filter(Column::Day.between(from_day, to_day))
}

/// PostgreSQL adds BIGINTs up to a NUMERIC; counts stay far below either's end.
fn sum(column: Column) -> Expr {
    Expr::col(column.as_column_ref()).sum().cast_as("bigint")
}

fn payer(kind: &str, id: Uuid) -> Result<Payer, StoreError> {
    match kind {
        GRANT => Ok(Payer::Grant(GrantId(id))),
        KEY => Ok(Payer::Key(ApiKeyId(id))),
        _ => Err(StoreError::Corrupt("usage_day.payer_kind".to_owned())),
    }
}

fn payer_id(payer: Payer) -> Uuid {
    match payer {
        Payer::Grant(grant) => grant.0,
        Payer::Key(key) => key.0,
    }
}
