//! Signed-in browsers, found by the hash of their cookie.

use crate::{
    Rows, StoreError, Transaction,
    entity::{
        session::{ActiveModel, Column, Entity, Model},
        user_account,
    },
    join,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{SessionId, UserId},
    secret::SecretHash,
    session::Session,
    user::User,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{LockType, Query},
};

pub async fn insert(transaction: &Transaction, session: &Session, secret: &SecretHash) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(session.id.0),
        user_id: Set(session.user.0),
        secret_hash: Set(secret.0.to_vec()),
        created_at: Set(session.created_at.as_millis()),
        expires_at: Set(session.expires_at.as_millis()),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// The session and its user, expired and disabled ones too: that is for the caller to judge.
pub async fn find_by_hash(rows: &impl Rows, secret: &SecretHash) -> Result<Option<(Session, User)>, StoreError> {
    let mut query = Query::select();
    join::select::<Entity>(&mut query, "session_");
    join::select::<user_account::Entity>(&mut query, "user_");
    query
        .from(Entity)
        .inner_join(user_account::Entity, join::same(user_account::Column::Id, Column::UserId))
        .and_where(Column::SecretHash.eq(secret.0.to_vec()));
    let Some(row) = rows.connection().query_one(&query).await? else {
        return Ok(None);
    };
    let session = join::read::<Entity>(&row, "session_")?.into();
    let user = join::read::<user_account::Entity>(&row, "user_")?.try_into()?;
    Ok(Some((session, user)))
}

/// Whether there is such a session: from then on it does not end before the transaction does. SQLite has one writer, who
/// needs no lock.
pub async fn hold(transaction: &Transaction, id: SessionId) -> Result<bool, StoreError> {
    let query = Entity::find_by_id(id.0).lock(LockType::KeyShare);
    Ok(query.one(transaction.connection()).await?.is_some())
}

/// Moves a session's end.
pub async fn extend(transaction: &Transaction, id: SessionId, expires_at: Timestamp) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::ExpiresAt, expires_at.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

pub async fn delete(transaction: &Transaction, id: SessionId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::Id.eq(id.0)).exec(transaction.connection()).await?;
    Ok(())
}

pub async fn delete_all_of(transaction: &Transaction, user: UserId) -> Result<(), StoreError> {
    Entity::delete_many().filter(Column::UserId.eq(user.0)).exec(transaction.connection()).await?;
    Ok(())
}

/// How many had expired by `now`.
pub async fn delete_expired(transaction: &Transaction, now: Timestamp) -> Result<u64, StoreError> {
    let expired = Entity::delete_many().filter(Column::ExpiresAt.lte(now.as_millis()));
    Ok(expired.exec(transaction.connection()).await?.rows_affected)
}

impl From<Model> for Session {
    fn from(model: Model) -> Self {
        Self {
            id: SessionId(model.id),
            user: UserId(model.user_id),
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
        }
    }
}
