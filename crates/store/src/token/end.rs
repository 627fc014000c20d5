//! How tokens end: singly, with their family, as a lost answer's leftovers, or by age.

use crate::{
    StoreError, Transaction,
    entity::{access_token, refresh_token},
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{FamilyId, TokenId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

/// Ends every token that came of exchanging this refresh token.
pub async fn revoke_successors(transaction: &Transaction, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
    revoke(transaction, refresh_token::Column::ParentId.eq(id.0), access_token::Column::ParentId.eq(id.0), now).await
}

/// Ends every token that descends from one authorization code.
pub async fn revoke_family(transaction: &Transaction, family: FamilyId, now: Timestamp) -> Result<(), StoreError> {
    let refresh = refresh_token::Column::FamilyId.eq(family.0);
    revoke(transaction, refresh, access_token::Column::FamilyId.eq(family.0), now).await
}

async fn revoke(transaction: &Transaction, refresh: Expr, access: Expr, now: Timestamp) -> Result<(), StoreError> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::RevokedAt, now.as_millis().into())
        .filter(refresh)
        .filter(refresh_token::Column::RevokedAt.is_null())
        .exec(transaction.connection())
        .await?;
    access_token::Entity::update_many()
        .col_expr(access_token::Column::RevokedAt, now.as_millis().into())
        .filter(access)
        .filter(access_token::Column::RevokedAt.is_null())
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Ends one access token, and tells whether it was still good.
pub async fn revoke_access(transaction: &Transaction, id: TokenId, now: Timestamp) -> Result<bool, StoreError> {
    let done = access_token::Entity::update_many()
        .col_expr(access_token::Column::RevokedAt, now.as_millis().into())
        .filter(access_token::Column::Id.eq(id.0))
        .filter(access_token::Column::RevokedAt.is_null())
        .exec(transaction.connection())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Deletes tokens of both kinds that had expired before `before`, and tells how many.
pub async fn delete_expired(transaction: &Transaction, before: Timestamp) -> Result<u64, StoreError> {
    let refresh = refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::ExpiresAt.lt(before.as_millis()))
        .exec(transaction.connection())
        .await?;
    let access = access_token::Entity::delete_many()
        .filter(access_token::Column::ExpiresAt.lt(before.as_millis()))
        .exec(transaction.connection())
        .await?;
    Ok(refresh.rows_affected + access.rows_affected)
}
