//! What people have put away of what they were told. What there is to tell stands in the audit log and in the diary.

use crate::{
    Rows, StoreError, Transaction,
    entity::notice_put_away::{ActiveModel, Column, Entity},
    rows::sealed::Connected,
};
use domain::{clock::Timestamp, id::UserId, notice::NoticeId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, prelude::Uuid, sea_query::OnConflict,
};
use std::collections::HashSet;

/// Puts these away, for this person alone. What was put away before stays so from the first time on.
pub async fn put_away(
    transaction: &Transaction,
    user: UserId,
    notices: &[NoticeId],
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows = notices.iter().map(|notice| ActiveModel {
        user_id: Set(user.0),
        notice_id: Set(notice.0),
        at: Set(now.as_millis()),
    });
    let known = OnConflict::columns([Column::UserId, Column::NoticeId]).do_nothing().to_owned();
    for row in rows {
        Entity::insert(row).on_conflict(known.clone()).exec_without_returning(transaction.connection()).await?;
    }
    Ok(())
}

pub async fn list_put_away(rows: &impl Rows, user: UserId) -> Result<HashSet<NoticeId>, StoreError> {
    let query = Entity::find().select_only().column(Column::NoticeId).filter(Column::UserId.eq(user.0));
    let found: Vec<Uuid> = query.into_tuple().all(rows.connection()).await?;
    Ok(found.into_iter().map(NoticeId).collect())
}

/// Forgets what was put away before, and tells how many.
pub async fn delete_old(transaction: &Transaction, before: Timestamp) -> Result<u64, StoreError> {
    let old = Entity::delete_many().filter(Column::At.lt(before.as_millis()));
    Ok(old.exec(transaction.connection()).await?.rows_affected)
}
