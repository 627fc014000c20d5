//! Wrong passwords in a row, by address. Kept under the SHA-256 of the address, known or not.

use crate::{
    Rows, StoreError, Transaction,
    entity::sign_in_attempt::{ActiveModel, Column, Entity},
    rows::sealed::Connected,
};
use domain::{clock::Timestamp, email::Email};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use sha2::{Digest, Sha256};

/// Failures since the last success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    pub failures: u32,
    pub last_at: Timestamp,
}

/// Inside a transaction on PostgreSQL the row stays locked, so that guesses sent side by side are judged one by one.
pub async fn find(rows: &impl Rows, email: &Email) -> Result<Option<Attempts>, StoreError> {
    let model = Entity::find_by_id(key(email)).lock_exclusive().one(rows.connection()).await?;
    Ok(model.map(|model| Attempts {
        failures: u32::try_from(model.failures).unwrap_or(u32::MAX),
        last_at: Timestamp::from_millis(model.last_at),
    }))
}

pub async fn record_failure(transaction: &Transaction, email: &Email, now: Timestamp) -> Result<(), StoreError> {
    let first = ActiveModel { email_hash: Set(key(email)), failures: Set(1), last_at: Set(now.as_millis()) };
    let one_more = OnConflict::column(Column::EmailHash)
        .value(Column::Failures, Expr::col(Column::Failures.as_column_ref()).add(1))
        .update_column(Column::LastAt)
        .to_owned();
    Entity::insert(first).on_conflict(one_more).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

pub async fn clear(transaction: &Transaction, email: &Email) -> Result<(), StoreError> {
    Entity::delete_by_id(key(email)).exec(transaction.connection()).await?;
    Ok(())
}

/// Forgets addresses that nobody tried since `before`, and tells how many.
pub async fn delete_idle(transaction: &Transaction, before: Timestamp) -> Result<u64, StoreError> {
    let idle = Entity::delete_many().filter(Column::LastAt.lt(before.as_millis()));
    Ok(idle.exec(transaction.connection()).await?.rows_affected)
}

fn key(email: &Email) -> Vec<u8> {
    Sha256::digest(email.as_str().as_bytes()).to_vec()
}
