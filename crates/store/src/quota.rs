//! Quotas: a counter per workspace and month, and the profiles that a workspace has paid for.

use crate::{
    Rows, StoreError, Transaction,
    cell::{from_row, to_row},
    entity::{plan, quota_counter, seen_profile, workspace},
    error::corrupt,
    join,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::WorkspaceId,
    linkedin_url::VanityName,
    quota::{Balance, Cycle, Plan, Units},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryResult,
    sea_query::{ExprTrait, LockType, Query, SelectStatement},
};
use std::collections::HashSet;

/// Names in one query. SQLite binds at most 32,766 values.
const NAMES_AT_ONCE: usize = 5_000;

/// The plan and what was used, held until the transaction ends: nobody else can take units meanwhile. A month's first
/// call makes the counter.
pub async fn lock(
    transaction: &Transaction,
    workspace: WorkspaceId,
    cycle: Cycle,
) -> Result<(Plan, Units), StoreError> {
    if let Some(found) = read_locked(transaction, workspace, cycle).await? {
        return Ok(found);
    }
    let empty = quota_counter::ActiveModel {
        workspace_id: Set(workspace.0),
        cycle_from: Set(cycle.from.as_millis()),
        avatar_requests: Set(0),
        avatar_new_profiles: Set(0),
    };
    quota_counter::Entity::insert(empty)
        .on_conflict_do_nothing_on([quota_counter::Column::WorkspaceId, quota_counter::Column::CycleFrom])
        .exec_without_returning(transaction.connection())
        .await?;
    read_locked(transaction, workspace, cycle)
        .await?
        .ok_or_else(|| StoreError::Corrupt("a workspace without a plan".to_owned()))
}

async fn read_locked(
    transaction: &Transaction,
    workspace: WorkspaceId,
    cycle: Cycle,
) -> Result<Option<(Plan, Units)>, StoreError> {
    let mut query = counter_and_plan(workspace);
    query
        .inner_join(
            quota_counter::Entity,
            join::same(quota_counter::Column::WorkspaceId, workspace::Column::Id)
                .and(quota_counter::Column::CycleFrom.eq(cycle.from.as_millis())),
        )
        .lock_with_tables(LockType::Update, [quota_counter::Entity]);
    transaction.connection().query_one(&query).await?.map(|row| Ok((read_plan(&row)?, read_units(&row)?))).transpose()
}

/// Writes what is used now.
pub async fn save(
    transaction: &Transaction,
    workspace: WorkspaceId,
    cycle: Cycle,
    used: Units,
) -> Result<(), StoreError> {
    quota_counter::Entity::update_many()
        .col_expr(quota_counter::Column::AvatarRequests, to_row(used.avatar_requests).into())
        .col_expr(quota_counter::Column::AvatarNewProfiles, to_row(used.avatar_new_profiles).into())
        .filter(quota_counter::Column::WorkspaceId.eq(workspace.0))
        .filter(quota_counter::Column::CycleFrom.eq(cycle.from.as_millis()))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Where a workspace stands; nothing used when it has no counter yet.
pub async fn balance(rows: &impl Rows, workspace: WorkspaceId, cycle: Cycle) -> Result<Balance, StoreError> {
    let mut query = counter_and_plan(workspace);
    query.left_join(
        quota_counter::Entity,
        join::same(quota_counter::Column::WorkspaceId, workspace::Column::Id)
            .and(quota_counter::Column::CycleFrom.eq(cycle.from.as_millis())),
    );
    let row = rows
        .connection()
        .query_one(&query)
        .await?
        .ok_or_else(|| StoreError::Corrupt("a workspace without a plan".to_owned()))?;
    Ok(Balance { plan: read_plan(&row)?, cycle, used: read_units(&row)? })
}

/// Those of the names that the workspace never looked up before.
pub async fn unseen(
    transaction: &Transaction,
    workspace: WorkspaceId,
    names: &[VanityName],
) -> Result<HashSet<VanityName>, StoreError> {
    let mut unseen: HashSet<VanityName> = names.iter().cloned().collect();
    let distinct: HashSet<&str> = names.iter().map(VanityName::as_str).collect();
    let distinct: Vec<&str> = distinct.into_iter().collect();
    for chunk in distinct.chunks(NAMES_AT_ONCE) {
        use seen_profile::Column;
        let query = join::named::<seen_profile::Entity>(Column::WorkspaceId, workspace, Column::Vanity, chunk);
        for row in transaction.connection().query_all(&query).await? {
            let seen = join::read::<seen_profile::Entity>(&row, "")?.vanity;
            unseen.remove(&seen.try_into().map_err(corrupt("seen_profile.vanity"))?);
        }
    }
    Ok(unseen)
}

/// Remembers names as looked up; those that were seen before keep their first time.
pub async fn mark_seen(
    transaction: &Transaction,
    workspace: WorkspaceId,
    names: &[VanityName],
    now: Timestamp,
) -> Result<(), StoreError> {
    for chunk in names.chunks(NAMES_AT_ONCE) {
        let models = chunk.iter().map(|name| seen_profile::ActiveModel {
            workspace_id: Set(workspace.0),
            vanity: Set(name.as_str().to_owned()),
            first_seen_at: Set(now.as_millis()),
        });
        seen_profile::Entity::insert_many(models)
            .on_conflict_do_nothing_on([seen_profile::Column::WorkspaceId, seen_profile::Column::Vanity])
            .exec_without_returning(transaction.connection())
            .await?;
    }
    Ok(())
}

/// A workspace with its plan; the counter's columns are asked for, its join is the caller's.
fn counter_and_plan(workspace: WorkspaceId) -> SelectStatement {
    let mut query = Query::select();
    join::select::<plan::Entity>(&mut query, "plan_");
    join::select::<quota_counter::Entity>(&mut query, "counter_");
    query
        .from(workspace::Entity)
        .inner_join(plan::Entity, join::same(plan::Column::Id, workspace::Column::PlanId))
        .and_where(workspace::Column::Id.eq(workspace.0));
    query
}

fn read_plan(row: &QueryResult) -> Result<Plan, StoreError> {
    Ok(join::read::<plan::Entity>(row, "plan_")?.into())
}

fn read_units(row: &QueryResult) -> Result<Units, StoreError> {
    let count = |column| Ok::<u64, StoreError>(from_row(row.try_get::<Option<i64>>("counter_", column)?.unwrap_or(0)));
    Ok(Units { avatar_requests: count("avatar_requests")?, avatar_new_profiles: count("avatar_new_profiles")? })
}
