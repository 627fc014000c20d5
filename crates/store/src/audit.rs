//! The audit log: appended in the transaction of the change it tells of. There is no way to change or delete an entry.

use crate::{
    Rows, StoreError, Transaction,
    entity::{
        audit_event::{ActiveModel, Column, Entity, Model},
        notice_put_away,
    },
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    audit::{Action, Actor, AuditEvent},
    clock::Timestamp,
    id::{AuditEventId, UserId, WorkspaceId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Query};

pub async fn append(transaction: &Transaction, event: &AuditEvent) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(event.id.0),
        at: Set(event.at.as_millis()),
        workspace_id: Set(event.workspace.map(|workspace| workspace.0)),
        actor_kind: Set(event.actor.kind().to_owned()),
        actor_id: Set(event.actor.id()),
        action: Set(event.action.as_str().to_owned()),
        target: Set(event.target.clone()),
        detail: Set(event.detail.to_string()),
        concerns_user_id: Set(event.concerns.map(|user| user.0)),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

/// The newest entries of a workspace, newest first. No page shows them yet; tests prove with it that every change left its
/// entry.
pub async fn list(rows: &impl Rows, workspace: WorkspaceId, limit: u64) -> Result<Vec<AuditEvent>, StoreError> {
    let query = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace.0))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(limit);
    query.all(rows.connection()).await?.into_iter().map(AuditEvent::try_from).collect()
}

/// The newest entries that belong to no workspace, newest first.
pub async fn list_of_server(rows: &impl Rows, limit: u64) -> Result<Vec<AuditEvent>, StoreError> {
    let query = Entity::find()
        .filter(Column::WorkspaceId.is_null())
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(limit);
    query.all(rows.connection()).await?.into_iter().map(AuditEvent::try_from).collect()
}

/// What somebody is to be told of and has not put away, since then, newest first.
pub async fn list_concerning(
    rows: &impl Rows,
    user: UserId,
    since: Timestamp,
    limit: u64,
) -> Result<Vec<AuditEvent>, StoreError> {
    let away = Query::select()
        .column(notice_put_away::Column::NoticeId)
        .from(notice_put_away::Entity)
        .and_where(notice_put_away::Column::UserId.eq(user.0))
        .to_owned();
    let query = Entity::find()
        .filter(Column::ConcernsUserId.eq(user.0))
        .filter(Column::At.gte(since.as_millis()))
        .filter(Column::Id.not_in_subquery(away))
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(limit);
    query.all(rows.connection()).await?.into_iter().map(AuditEvent::try_from).collect()
}

impl TryFrom<Model> for AuditEvent {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: AuditEventId(model.id),
            at: Timestamp::from_millis(model.at),
            workspace: model.workspace_id.map(WorkspaceId),
            actor: actor(&model.actor_kind, model.actor_id)?,
            action: Action::from_name(&model.action)
                .ok_or_else(|| StoreError::Corrupt("audit_event.action".to_owned()))?,
            target: model.target,
            concerns: model.concerns_user_id.map(UserId),
            detail: serde_json::from_str(&model.detail).map_err(corrupt("audit_event.detail"))?,
        })
    }
}

fn actor(kind: &str, id: Option<String>) -> Result<Actor, StoreError> {
    match (kind, id) {
        ("user", Some(id)) => id.parse().map(Actor::User).map_err(corrupt("audit_event.actor_id")),
        ("client", Some(id)) => Ok(Actor::Client(id)),
        ("operator", None) => Ok(Actor::Operator),
        ("system", None) => Ok(Actor::System),
        ("anonymous", None) => Ok(Actor::Anonymous),
        _ => Err(StoreError::Corrupt("audit_event.actor_kind".to_owned())),
    }
}
