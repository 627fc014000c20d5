//! One access token's row.

use crate::{
    Rows, StoreError, Transaction,
    cell::{millis, time},
    entity::access_token::{ActiveModel, Column, Entity, Model},
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{FamilyId, GrantId, TokenId},
    oauth::scope::ScopeSet,
    secret::SecretHash,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// An access token, live or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    pub id: TokenId,
    pub grant: GrantId,
    pub family: FamilyId,
    /// The refresh token that was issued beside it.
    pub refresh: Option<TokenId>,
    pub scopes: ScopeSet,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub first_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// `parent` is the refresh token that was exchanged for it, if any.
pub async fn insert_access(
    transaction: &Transaction,
    token: &AccessToken,
    secret: &SecretHash,
    parent: Option<TokenId>,
) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(token.id.0),
        secret_hash: Set(secret.0.to_vec()),
        grant_id: Set(token.grant.0),
        family_id: Set(token.family.0),
        refresh_id: Set(token.refresh.map(|id| id.0)),
        parent_id: Set(parent.map(|id| id.0)),
        scopes: Set(token.scopes.to_string()),
        issued_at: Set(token.issued_at.as_millis()),
        expires_at: Set(token.expires_at.as_millis()),
        first_used_at: Set(millis(token.first_used_at)),
        revoked_at: Set(millis(token.revoked_at)),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

pub async fn find_access(rows: &impl Rows, secret: &SecretHash) -> Result<Option<AccessToken>, StoreError> {
    let query = Entity::find().filter(Column::SecretHash.eq(secret.0.to_vec()));
    Ok(query.one(rows.connection()).await?.map(AccessToken::from))
}

/// When a token of this grant was given out last; expired ones are forgotten after a day.
pub async fn last_issued_at(rows: &impl Rows, grant: GrantId) -> Result<Option<Timestamp>, StoreError> {
    let query = Entity::find().filter(Column::GrantId.eq(grant.0)).order_by_desc(Column::IssuedAt);
    Ok(query.one(rows.connection()).await?.map(|model| Timestamp::from_millis(model.issued_at)))
}

/// Remembers the first use; later ones change nothing.
pub async fn mark_used(transaction: &Transaction, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::FirstUsedAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::FirstUsedAt.is_null())
        .exec(transaction.connection())
        .await?;
    Ok(())
}

impl From<Model> for AccessToken {
    fn from(model: Model) -> Self {
        Self {
            id: TokenId(model.id),
            grant: GrantId(model.grant_id),
            family: FamilyId(model.family_id),
            refresh: model.refresh_id.map(TokenId),
            scopes: ScopeSet::parse(&model.scopes),
            issued_at: Timestamp::from_millis(model.issued_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            first_used_at: time(model.first_used_at),
            revoked_at: time(model.revoked_at),
        }
    }
}
