//! Client assertions that were spent: each is taken once.

use crate::{
    StoreError, Transaction,
    entity::client_assertion::{ActiveModel, Column, Entity},
    rows::sealed::Connected,
};
use domain::{clock::Timestamp, oauth::client_assertion::AssertionHash};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// [`StoreError::Conflict`] when it was spent before: of many callers at once, one is told nothing of the kind.
pub async fn spend(transaction: &Transaction, hash: &AssertionHash, expires_at: Timestamp) -> Result<(), StoreError> {
    let model = ActiveModel { hash: Set(hash.0.to_vec()), expires_at: Set(expires_at.as_millis()) };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// How many had expired by `now`.
pub async fn delete_expired(transaction: &Transaction, now: Timestamp) -> Result<u64, StoreError> {
    let expired = Entity::delete_many().filter(Column::ExpiresAt.lte(now.as_millis()));
    Ok(expired.exec(transaction.connection()).await?.rows_affected)
}
