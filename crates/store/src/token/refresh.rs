//! One refresh token's row, and what became of the tokens it was exchanged for.

use crate::{
    Rows, StoreError, Transaction,
    cell::{millis, time},
    entity::{
        access_token,
        refresh_token::{ActiveModel, Column, Entity, Model},
    },
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{FamilyId, GrantId, TokenId},
    oauth::token::{RefreshToken, Successors},
    secret::SecretHash,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

/// `parent` is the refresh token that was exchanged for it, if any.
pub async fn insert_refresh(
    transaction: &Transaction,
    token: &RefreshToken,
    secret: &SecretHash,
    parent: Option<TokenId>,
) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(token.id.0),
        secret_hash: Set(secret.0.to_vec()),
        grant_id: Set(token.grant.0),
        family_id: Set(token.family.0),
        family_created_at: Set(token.family_created_at.as_millis()),
        parent_id: Set(parent.map(|id| id.0)),
        issued_at: Set(token.issued_at.as_millis()),
        expires_at: Set(token.expires_at.as_millis()),
        spent_at: Set(millis(token.spent_at)),
        revoked_at: Set(millis(token.revoked_at)),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// Where two requests may come with tokens of one family at once, the grant is locked first ([`crate::grant::lock`]): a
/// lock on the row alone would let a family end while a successor is written that nobody sees.
pub async fn find_refresh(rows: &impl Rows, secret: &SecretHash) -> Result<Option<RefreshToken>, StoreError> {
    let query = Entity::find().filter(Column::SecretHash.eq(secret.0.to_vec()));
    Ok(query.one(rows.connection()).await?.map(RefreshToken::from))
}

/// Whether this call spent it: a second one is told no.
pub async fn spend_refresh(transaction: &Transaction, id: TokenId, now: Timestamp) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::SpentAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::SpentAt.is_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// What became of the tokens that this one was exchanged for.
pub async fn successors(rows: &impl Rows, id: TokenId) -> Result<Successors, StoreError> {
    let spent = Entity::find().filter(Column::ParentId.eq(id.0)).filter(Column::SpentAt.is_not_null());
    if spent.count(rows.connection()).await? > 0 {
        return Ok(Successors::Spent);
    }
    let shown = access_token::Entity::find()
        .filter(access_token::Column::ParentId.eq(id.0))
        .filter(access_token::Column::FirstUsedAt.is_not_null());
    let was_shown = shown.count(rows.connection()).await? > 0;
    Ok(if was_shown { Successors::Shown } else { Successors::Unused })
}

/// Whether any refresh token of the family is not revoked.
pub async fn family_is_live(rows: &impl Rows, family: FamilyId) -> Result<bool, StoreError> {
    let live = Entity::find().filter(Column::FamilyId.eq(family.0)).filter(Column::RevokedAt.is_null());
    Ok(live.count(rows.connection()).await? > 0)
}

impl From<Model> for RefreshToken {
    fn from(model: Model) -> Self {
        Self {
            id: TokenId(model.id),
            grant: GrantId(model.grant_id),
            family: FamilyId(model.family_id),
            family_created_at: Timestamp::from_millis(model.family_created_at),
            issued_at: Timestamp::from_millis(model.issued_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            spent_at: time(model.spent_at),
            revoked_at: time(model.revoked_at),
        }
    }
}
