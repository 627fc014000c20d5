//! Keys of the image API, found by hash.

use crate::{
    Rows, StoreError, Transaction,
    cell::{millis, time},
    entity::api_key::{ActiveModel, Column, Entity, Model},
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    api_key::ApiKey,
    clock::Timestamp,
    id::{ApiKeyId, WorkspaceId},
    secret::SecretHash,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

pub async fn insert(transaction: &Transaction, key: &ApiKey, secret: &SecretHash) -> Result<(), StoreError> {
    let domains: Vec<&str> = key.allowed_domains.iter().map(|domain| domain.as_str()).collect();
    let model = ActiveModel {
        id: Set(key.id.0),
        workspace_id: Set(key.workspace.0),
        secret_hash: Set(secret.0.to_vec()),
        kind: Set(key.kind.as_str().to_owned()),
        name: Set(key.name.clone()),
        hint: Set(key.hint.clone()),
        readable: Set(key.readable.clone()),
        allowed_domains: Set(serde_json::Value::from(domains).to_string()),
        is_connector: Set(key.is_connector),
        created_at: Set(key.created_at.as_millis()),
        last_used_at: Set(millis(key.last_used_at)),
        revoked_at: Set(millis(key.revoked_at)),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// The key, revoked or not.
pub async fn find_by_hash(rows: &impl Rows, secret: &SecretHash) -> Result<Option<ApiKey>, StoreError> {
    let query = Entity::find().filter(Column::SecretHash.eq(secret.0.to_vec()));
    query.one(rows.connection()).await?.map(ApiKey::try_from).transpose()
}

/// All keys of a workspace, revoked ones too, newest first.
pub async fn list(rows: &impl Rows, workspace: WorkspaceId) -> Result<Vec<ApiKey>, StoreError> {
    let query = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace.0))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id);
    query.all(rows.connection()).await?.into_iter().map(ApiKey::try_from).collect()
}

pub async fn find(rows: &impl Rows, workspace: WorkspaceId, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
    let query = Entity::find().filter(Column::WorkspaceId.eq(workspace.0)).filter(Column::Id.eq(id.0));
    query.one(rows.connection()).await?.map(ApiKey::try_from).transpose()
}

/// The keys of any workspace that start with these characters, for the operator's command line.
pub async fn find_by_hint(rows: &impl Rows, hint: &str) -> Result<Vec<ApiKey>, StoreError> {
    let query = Entity::find().filter(Column::Hint.eq(hint)).order_by_asc(Column::CreatedAt);
    query.all(rows.connection()).await?.into_iter().map(ApiKey::try_from).collect()
}

/// The live key that the connector's durable image addresses carry.
pub async fn find_connector_key(rows: &impl Rows, workspace: WorkspaceId) -> Result<Option<ApiKey>, StoreError> {
    let query = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace.0))
        .filter(Column::IsConnector.eq(true))
        .filter(Column::RevokedAt.is_null())
        .order_by_desc(Column::CreatedAt);
    query.one(rows.connection()).await?.map(ApiKey::try_from).transpose()
}

/// Whether this call revoked it: a second one is told no.
pub async fn revoke(
    transaction: &Transaction,
    workspace: WorkspaceId,
    id: ApiKeyId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::RevokedAt, now.as_millis().into())
        .filter(Column::WorkspaceId.eq(workspace.0))
        .filter(Column::Id.eq(id.0))
        .filter(Column::RevokedAt.is_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Remembers a use.
pub async fn touch(transaction: &Transaction, id: ApiKeyId, now: Timestamp) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

impl TryFrom<Model> for ApiKey {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: ApiKeyId(model.id),
            workspace: WorkspaceId(model.workspace_id),
            kind: model.kind.parse().map_err(corrupt("api_key.kind"))?,
            name: model.name,
            hint: model.hint,
            readable: model.readable,
            allowed_domains: serde_json::from_str(&model.allowed_domains)
                .map_err(corrupt("api_key.allowed_domains"))?,
            is_connector: model.is_connector,
            created_at: Timestamp::from_millis(model.created_at),
            last_used_at: time(model.last_used_at),
            revoked_at: time(model.revoked_at),
        })
    }
}
