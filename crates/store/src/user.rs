//! People with an account.

use crate::{
    Rows, StoreError, Transaction,
    cell::{millis, time},
    entity::user_account::{ActiveModel, Column, Entity, Model},
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{clock::Timestamp, email::Email, id::UserId, user::User};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::LockType,
};

pub async fn find(rows: &impl Rows, id: UserId) -> Result<Option<User>, StoreError> {
    Entity::find_by_id(id.0).one(rows.connection()).await?.map(User::try_from).transpose()
}

/// The user and the password's hash, in the PHC string format.
pub async fn find_by_email(rows: &impl Rows, email: &Email) -> Result<Option<(User, String)>, StoreError> {
    let Some(mut model) = Entity::find().filter(Column::Email.eq(email.as_str())).one(rows.connection()).await? else {
        return Ok(None);
    };
    let password_hash = std::mem::take(&mut model.password_hash);
    Ok(Some((model.try_into()?, password_hash)))
}

/// The user, if their password still is the one of this hash. They stay as they are until the transaction ends. SQLite has one
/// writer, who needs no lock.
pub async fn hold_with_password(
    transaction: &Transaction,
    id: UserId,
    password_hash: &str,
) -> Result<Option<User>, StoreError> {
    let query = Entity::find_by_id(id.0).filter(Column::PasswordHash.eq(password_hash)).lock(LockType::Share);
    query.one(transaction.connection()).await?.map(User::try_from).transpose()
}

/// [`StoreError::Conflict`] when the address has an account.
pub async fn insert(transaction: &Transaction, user: &User, password_hash: &str) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(user.id.0),
        email: Set(user.email.as_str().to_owned()),
        name: Set(user.name.clone()),
        password_hash: Set(password_hash.to_owned()),
        created_at: Set(user.created_at.as_millis()),
        disabled_at: Set(millis(user.disabled_at)),
        operator_since: Set(millis(user.operator_since)),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// Everybody, by address.
pub async fn list(rows: &impl Rows) -> Result<Vec<User>, StoreError> {
    let models = Entity::find().order_by_asc(Column::Email).all(rows.connection()).await?;
    models.into_iter().map(User::try_from).collect()
}

/// Whether there was an account to disable.
pub async fn disable(transaction: &Transaction, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::DisabledAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::DisabledAt.is_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Whether there was a disabled account.
pub async fn enable(transaction: &Transaction, id: UserId) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::DisabledAt, None::<i64>.into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::DisabledAt.is_not_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Whether this made an operator of somebody who was none.
pub async fn name_operator(transaction: &Transaction, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::OperatorSince, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::OperatorSince.is_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Whether this dismissed somebody who was an operator.
pub async fn dismiss_operator(transaction: &Transaction, id: UserId) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::OperatorSince, None::<i64>.into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::OperatorSince.is_not_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Replaces the password by one of this hash, in the PHC string format.
pub async fn set_password(transaction: &Transaction, id: UserId, password_hash: &str) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::PasswordHash, password_hash.into())
        .filter(Column::Id.eq(id.0))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Lets no other transaction add an account until this one ends. SQLite has one writer anyway.
pub async fn hold(transaction: &Transaction) -> Result<(), StoreError> {
    let connection = transaction.connection();
    if connection.get_database_backend() == DbBackend::Postgres {
        connection.execute_unprepared("LOCK TABLE user_account IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

pub async fn count(rows: &impl Rows) -> Result<u64, StoreError> {
    Ok(Entity::find().count(rows.connection()).await?)
}

impl TryFrom<Model> for User {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: UserId(model.id),
            email: model.email.parse().map_err(corrupt("user_account.email"))?,
            name: model.name,
            created_at: Timestamp::from_millis(model.created_at),
            disabled_at: time(model.disabled_at),
            operator_since: time(model.operator_since),
        })
    }
}
