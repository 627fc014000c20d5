//! Wrong passwords in a row, by email address and network. Kept under the SHA-256 of both, known or not.

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
use std::net::IpAddr;

/// Who guesses for which account. None for callers whose network is not known.
#[derive(Debug, Clone, Copy)]
pub struct Guesser<'a> {
    pub email: &'a Email,
    pub network: Option<IpAddr>,
}

/// Failures since the last success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    pub failures: u32,
    pub last_at: Timestamp,
}

/// Inside a transaction on PostgreSQL the row stays locked, so that guesses sent side by side are judged one by one.
pub async fn find(rows: &impl Rows, guesser: Guesser<'_>) -> Result<Option<Attempts>, StoreError> {
    let model = Entity::find_by_id(key(guesser)).lock_exclusive().one(rows.connection()).await?;
    Ok(model.map(|model| Attempts {
        failures: u32::try_from(model.failures).unwrap_or(u32::MAX),
        last_at: Timestamp::from_millis(model.last_at),
    }))
}

pub async fn record_failure(transaction: &Transaction, guesser: Guesser<'_>, now: Timestamp) -> Result<(), StoreError> {
    let first = ActiveModel { email_hash: Set(key(guesser)), failures: Set(1), last_at: Set(now.as_millis()) };
    let one_more = OnConflict::column(Column::EmailHash)
        .value(Column::Failures, Expr::col(Column::Failures.as_column_ref()).add(1))
        .update_column(Column::LastAt)
        .to_owned();
    Entity::insert(first).on_conflict(one_more).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

pub async fn clear(transaction: &Transaction, guesser: Guesser<'_>) -> Result<(), StoreError> {
    Entity::delete_by_id(key(guesser)).exec(transaction.connection()).await?;
    Ok(())
}

/// Forgets guessers who tried nothing since `before`, and tells how many.
pub async fn delete_idle(transaction: &Transaction, before: Timestamp) -> Result<u64, StoreError> {
    let idle = Entity::delete_many().filter(Column::LastAt.lt(before.as_millis()));
    Ok(idle.exec(transaction.connection()).await?.rows_affected)
}

/// No address holds a NUL, so no two guessers share a text.
fn key(guesser: Guesser<'_>) -> Vec<u8> {
    let network = guesser.network.map(|network| network.to_string()).unwrap_or_default();
    Sha256::digest(format!("{}\0{network}", guesser.email)).to_vec()
}
