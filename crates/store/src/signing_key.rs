//! The keys that identity tokens are signed with: of each algorithm one is current, which the schema holds to.

use crate::{
    Rows, StoreError, Transaction,
    cell::{millis, time},
    entity::signing_key::{ActiveModel, Column, Entity, Model},
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    oauth::{
        jwk::PublicKey,
        signing::{PrivateKey, SigningAlgorithm, SigningKey},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

/// [`StoreError::Conflict`] when the algorithm has a current key already.
pub async fn insert(transaction: &Transaction, key: &SigningKey) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(key.id.clone()),
        algorithm: Set(key.algorithm.as_str().to_owned()),
        public_jwk: Set(key.public.to_jwk().to_string()),
        private_key: Set(key.private.expose().to_vec()),
        created_at: Set(key.created_at.as_millis()),
        retired_at: Set(millis(key.retired_at)),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// The key that has not been told when it will be retired.
pub async fn find_current(rows: &impl Rows, algorithm: SigningAlgorithm) -> Result<Option<SigningKey>, StoreError> {
    let query = Entity::find().filter(Column::Algorithm.eq(algorithm.as_str())).filter(Column::RetiredAt.is_null());
    query.one(rows.connection()).await?.map(SigningKey::try_from).transpose()
}

/// The keys that have not been retired by `now`.
pub async fn list_unretired(
    rows: &impl Rows,
    algorithm: SigningAlgorithm,
    now: Timestamp,
) -> Result<Vec<SigningKey>, StoreError> {
    let unretired = Condition::any().add(Column::RetiredAt.is_null()).add(Column::RetiredAt.gt(now.as_millis()));
    let query = Entity::find().filter(Column::Algorithm.eq(algorithm.as_str())).filter(unretired);
    query.all(rows.connection()).await?.into_iter().map(SigningKey::try_from).collect()
}

/// Every key on file, latest first.
pub async fn list(rows: &impl Rows) -> Result<Vec<SigningKey>, StoreError> {
    let models =
        Entity::find().order_by_desc(Column::CreatedAt).order_by_asc(Column::Id).all(rows.connection()).await?;
    models.into_iter().map(SigningKey::try_from).collect()
}

/// Whether the key was current until now: of many callers at once, one is told yes.
pub async fn retire(transaction: &Transaction, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::RetiredAt, at.as_millis().into())
        .filter(Column::Id.eq(id))
        .filter(Column::RetiredAt.is_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Forgets every key of an algorithm: what they signed verifies no more.
pub async fn delete_all(transaction: &Transaction, algorithm: SigningAlgorithm) -> Result<(), StoreError> {
    let all = Entity::delete_many().filter(Column::Algorithm.eq(algorithm.as_str()));
    all.exec(transaction.connection()).await?;
    Ok(())
}

/// How many were retired by `before`.
pub async fn delete_retired(transaction: &Transaction, before: Timestamp) -> Result<u64, StoreError> {
    let retired = Entity::delete_many().filter(Column::RetiredAt.lte(before.as_millis()));
    Ok(retired.exec(transaction.connection()).await?.rows_affected)
}

impl TryFrom<Model> for SigningKey {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        let unknown = |what| move || StoreError::Corrupt(String::from(what));
        let jwk = serde_json::from_str(&model.public_jwk).map_err(corrupt("signing_key.public_jwk"))?;
        Ok(Self {
            id: model.id,
            algorithm: SigningAlgorithm::from_name(&model.algorithm).ok_or_else(unknown("signing_key.algorithm"))?,
            public: PublicKey::from_jwk(&jwk).ok_or_else(unknown("signing_key.public_jwk"))?,
            private: PrivateKey::from_pkcs8(model.private_key),
            created_at: Timestamp::from_millis(model.created_at),
            retired_at: time(model.retired_at),
        })
    }
}
