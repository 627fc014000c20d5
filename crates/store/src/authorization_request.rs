//! Authorization requests: pending questions to a person, each decided once at most.

use crate::{
    Rows, StoreError, Transaction,
    cell::{from_row, time, to_row},
    entity::authorization_request::{ActiveModel, Column, Entity, Model},
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{AuthorizationRequestId, WorkspaceId},
    oauth::{
        authorization_request::{Asked, AuthorizationRequest, Stage},
        client::ClientId,
        pkce::CodeChallenge,
        prompt::PromptSet,
        redirect_uri::RedirectUri,
        resource::McpResource,
        scope::ScopeSet,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::time::Duration;

pub async fn insert(transaction: &Transaction, request: &AuthorizationRequest) -> Result<(), StoreError> {
    let asked = &request.asked;
    let decided_at = match request.stage {
        Stage::Pending => None,
        Stage::Decided { at } => Some(at.as_millis()),
    };
    let model = ActiveModel {
        id: Set(request.id.0),
        client_id: Set(asked.client.0.clone()),
        redirect_uri: Set(asked.redirect_uri.as_str().to_owned()),
        state: Set(asked.state.clone()),
        scopes: Set(asked.scopes.to_string()),
        code_challenge: Set(asked.code_challenge.as_str().to_owned()),
        resource_path: Set(asked.resource.path()),
        nonce: Set(asked.nonce.clone()),
        prompt: Set(asked.prompts.to_string()),
        max_age_seconds: Set(asked.max_age.map(|age| to_row(age.as_secs()))),
        login_hint: Set(asked.login_hint.as_ref().map(ToString::to_string)),
        picked_workspace_id: Set(request.picked_workspace.map(|workspace| workspace.0)),
        created_at: Set(request.created_at.as_millis()),
        expires_at: Set(request.expires_at.as_millis()),
        decided_at: Set(decided_at),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

pub async fn find(rows: &impl Rows, id: AuthorizationRequestId) -> Result<Option<AuthorizationRequest>, StoreError> {
    let model = Entity::find_by_id(id.0).one(rows.connection()).await?;
    model.map(AuthorizationRequest::try_from).transpose()
}

/// Whether the request was still pending.
pub async fn pick_workspace(
    transaction: &Transaction,
    id: AuthorizationRequestId,
    workspace: WorkspaceId,
) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::PickedWorkspaceId, workspace.0.into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::DecidedAt.is_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Whether the request was still pending and not expired: of many callers at once, one is told yes.
pub async fn decide(transaction: &Transaction, id: AuthorizationRequestId, now: Timestamp) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::DecidedAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::DecidedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_millis()));
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// How many had expired by `now`, decided or not.
pub async fn delete_expired(transaction: &Transaction, now: Timestamp) -> Result<u64, StoreError> {
    let expired = Entity::delete_many().filter(Column::ExpiresAt.lte(now.as_millis()));
    Ok(expired.exec(transaction.connection()).await?.rows_affected)
}

impl TryFrom<Model> for AuthorizationRequest {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: AuthorizationRequestId(model.id),
            asked: Asked {
                client: ClientId(model.client_id),
                redirect_uri: RedirectUri::try_from(model.redirect_uri)
                    .map_err(corrupt("authorization_request.redirect_uri"))?,
                state: model.state,
                scopes: ScopeSet::parse(&model.scopes),
                code_challenge: CodeChallenge::from_stored(&model.code_challenge)
                    .map_err(corrupt("authorization_request.code_challenge"))?,
                resource: McpResource::from_path(&model.resource_path)
                    .ok_or_else(|| StoreError::Corrupt("authorization_request.resource_path".to_owned()))?,
                nonce: model.nonce,
                prompts: PromptSet::parse(&model.prompt),
                max_age: model.max_age_seconds.map(|age| Duration::from_secs(from_row(age))),
                login_hint: model
                    .login_hint
                    .map(|hint| hint.parse().map_err(corrupt("authorization_request.login_hint")))
                    .transpose()?,
            },
            picked_workspace: model.picked_workspace_id.map(WorkspaceId),
            created_at: Timestamp::from_millis(model.created_at),
            expires_at: Timestamp::from_millis(model.expires_at),
            stage: time(model.decided_at).map_or(Stage::Pending, |at| Stage::Decided { at }),
        })
    }
}
