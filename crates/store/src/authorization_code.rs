//! Authorization codes: redeemed once at most. Spent ones stay on file until they are swept, so that a replay is seen.

use crate::{
    Rows, StoreError, Transaction,
    cell::{millis, time},
    entity::authorization_code::{ActiveModel, Column, Entity, Model},
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::GrantId,
    oauth::{client::ClientId, pkce::CodeChallenge},
    secret::SecretHash,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// What a code was issued for, and with what it must be redeemed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    pub grant: GrantId,
    pub client: ClientId,
    pub redirect_uri: String,
    pub code_challenge: CodeChallenge,
    /// The canonical URI of the resource (RFC 8707).
    pub resource: String,
    pub nonce: Option<String>,
    /// When the person who approved had signed in. Codes of older versions don't say.
    pub signed_in_at: Option<Timestamp>,
    pub expires_at: Timestamp,
}

/// A code that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub code: AuthorizationCode,
    /// Whether it was presented before. It never becomes fresh again.
    pub is_spent: bool,
}

/// What came of presenting a code. Whether it has expired is for the caller to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consumed {
    /// Never presented before, and never fresh again.
    Fresh(AuthorizationCode),
    /// Presented before.
    Spent(AuthorizationCode),
    Unknown,
}

pub async fn insert(
    transaction: &Transaction,
    secret: &SecretHash,
    code: &AuthorizationCode,
) -> Result<(), StoreError> {
    let model = ActiveModel {
        secret_hash: Set(secret.0.to_vec()),
        grant_id: Set(code.grant.0),
        client_id: Set(code.client.0.clone()),
        redirect_uri: Set(code.redirect_uri.clone()),
        code_challenge: Set(code.code_challenge.as_str().to_owned()),
        resource: Set(code.resource.clone()),
        nonce: Set(code.nonce.clone()),
        signed_in_at: Set(millis(code.signed_in_at)),
        expires_at: Set(code.expires_at.as_millis()),
        consumed_at: Set(None),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// Reads a code without spending it. It may be spent already.
pub async fn find(rows: &impl Rows, secret: &SecretHash) -> Result<Option<Found>, StoreError> {
    let Some(model) = Entity::find_by_id(secret.0.to_vec()).one(rows.connection()).await? else { return Ok(None) };
    let is_spent = model.consumed_at.is_some();
    Ok(Some(Found { code: model.try_into()?, is_spent }))
}

/// Spends a code. The conditional write comes first, so that of many callers at once exactly one finds it fresh.
pub async fn consume(transaction: &Transaction, secret: &SecretHash, now: Timestamp) -> Result<Consumed, StoreError> {
    let key = secret.0.to_vec();
    let update = Entity::update_many()
        .col_expr(Column::ConsumedAt, now.as_millis().into())
        .filter(Column::SecretHash.eq(key.clone()))
        .filter(Column::ConsumedAt.is_null());
    let is_first = update.exec(transaction.connection()).await?.rows_affected > 0;
    let Some(model) = Entity::find_by_id(key).one(transaction.connection()).await? else {
        return Ok(Consumed::Unknown);
    };
    let code = model.try_into()?;
    Ok(if is_first { Consumed::Fresh(code) } else { Consumed::Spent(code) })
}

/// Whether a code of this grant waits to be redeemed.
pub async fn is_unspent(rows: &impl Rows, grant: GrantId, now: Timestamp) -> Result<bool, StoreError> {
    let waiting = Entity::find()
        .filter(Column::GrantId.eq(grant.0))
        .filter(Column::ConsumedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_millis()));
    Ok(waiting.one(rows.connection()).await?.is_some())
}

/// Deletes codes that had expired before `before`, spent or not, and tells how many.
pub async fn delete_expired(transaction: &Transaction, before: Timestamp) -> Result<u64, StoreError> {
    let expired = Entity::delete_many().filter(Column::ExpiresAt.lt(before.as_millis()));
    Ok(expired.exec(transaction.connection()).await?.rows_affected)
}

impl TryFrom<Model> for AuthorizationCode {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            grant: GrantId(model.grant_id),
            client: ClientId(model.client_id),
            redirect_uri: model.redirect_uri,
            code_challenge: CodeChallenge::from_stored(&model.code_challenge)
                .map_err(corrupt("authorization_code.code_challenge"))?,
            resource: model.resource,
            nonce: model.nonce,
            signed_in_at: time(model.signed_in_at),
            expires_at: Timestamp::from_millis(model.expires_at),
        })
    }
}
