//! Grants: recorded permissions, checked on every request.

use crate::{
    Rows, StoreError, Transaction,
    cell::{millis, time},
    entity::{
        oauth_client,
        oauth_grant::{ActiveModel, Column, Entity, Model},
        user_account,
    },
    join,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{GrantId, UserId, WorkspaceId},
    oauth::{
        client::{Client, ClientId},
        grant::Grant,
        scope::ScopeSet,
    },
    principal::Subject,
    user::User,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func, LockType, Order, Query},
};
use std::collections::HashMap;

/// What `subject_kind` says of a person.
pub(crate) const USER: &str = "user";

pub async fn insert(transaction: &Transaction, grant: &Grant) -> Result<(), StoreError> {
    let Subject::User(user) = grant.subject;
    let model = ActiveModel {
        id: Set(grant.id.0),
        subject_kind: Set(grant.subject.kind().to_owned()),
        subject_id: Set(user.0),
        client_id: Set(grant.client.0.clone()),
        client_name: Set(grant.client_name.clone()),
        workspace_id: Set(grant.workspace.0),
        asked_scopes: Set(grant.asked.to_string()),
        scopes: Set(grant.scopes.to_string()),
        resource: Set(grant.resource.clone()),
        redirect_uri: Set(grant.redirect_uri.clone()),
        created_at: Set(grant.created_at.as_millis()),
        connected_at: Set(None),
        last_used_at: Set(millis(grant.last_used_at)),
        revoked_at: Set(millis(grant.revoked_at)),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

pub async fn find(rows: &impl Rows, id: GrantId) -> Result<Option<Grant>, StoreError> {
    Entity::find_by_id(id.0).one(rows.connection()).await?.map(Grant::try_from).transpose()
}

/// Finds and locks the row until the transaction ends. Whoever decides about a family of tokens by what it holds now locks
/// its grant first, so that the family holds still meanwhile. On SQLite the transaction has the only write lock anyway.
pub async fn lock(transaction: &Transaction, id: GrantId) -> Result<Option<Grant>, StoreError> {
    // Not FOR UPDATE: inserting a token, whose key points here, need not wait.
    let query = Entity::find_by_id(id.0).lock(LockType::NoKeyUpdate);
    query.one(transaction.connection()).await?.map(Grant::try_from).transpose()
}

/// Locks every grant of a client until the transaction ends, in one order everywhere.
pub async fn lock_of_client(transaction: &Transaction, client: &ClientId) -> Result<(), StoreError> {
    let grants = Entity::find().select_only().column(Column::Id).filter(Column::ClientId.eq(client.0.as_str()));
    let query = grants.order_by_asc(Column::Id).lock_exclusive();
    query.into_tuple::<Uuid>().all(transaction.connection()).await?;
    Ok(())
}

/// The live grants of a client, and their workspaces.
pub async fn list_live_of_client(
    rows: &impl Rows,
    client: &ClientId,
) -> Result<Vec<(GrantId, WorkspaceId)>, StoreError> {
    let live = Entity::find().filter(Column::ClientId.eq(client.0.as_str())).filter(Column::RevokedAt.is_null());
    let query = live.select_only().column(Column::Id).column(Column::WorkspaceId).order_by_asc(Column::Id);
    let found: Vec<(Uuid, Uuid)> = query.into_tuple().all(rows.connection()).await?;
    Ok(found.into_iter().map(|(grant, workspace)| (GrantId(grant), WorkspaceId(workspace))).collect())
}

/// The live grants of a person, wherever they are, oldest first.
pub async fn list_live_of_user(rows: &impl Rows, user: UserId) -> Result<Vec<Grant>, StoreError> {
    let query = Entity::find()
        .filter(Column::SubjectId.eq(user.0))
        .filter(Column::SubjectKind.eq(USER))
        .filter(Column::RevokedAt.is_null())
        .order_by_asc(Column::Id);
    query.all(rows.connection()).await?.into_iter().map(Grant::try_from).collect()
}

/// Whatever a person let in, over or not, of these clients and of the clients of these grants, oldest first; each with the
/// time when its first token was given out.
pub async fn list_of_user_and_clients(
    rows: &impl Rows,
    user: UserId,
    grants: &[GrantId],
    clients: &[ClientId],
) -> Result<Vec<(Grant, Option<Timestamp>)>, StoreError> {
    let named = Query::select()
        .column(Column::ClientId)
        .from(Entity)
        .and_where(Column::Id.is_in(grants.iter().map(|grant| grant.0)))
        .to_owned();
    let of_clients = Condition::any()
        .add(Column::ClientId.in_subquery(named))
        .add(Column::ClientId.is_in(clients.iter().map(|client| client.0.as_str())));
    let query = Entity::find()
        .filter(Column::SubjectId.eq(user.0))
        .filter(Column::SubjectKind.eq(USER))
        .filter(of_clients)
        .order_by_asc(Column::Id);
    let found = query.all(rows.connection()).await?.into_iter();
    found
        .map(|model| {
            let connected_at = time(model.connected_at);
            Ok((Grant::try_from(model)?, connected_at))
        })
        .collect()
}

/// The connections that a person has, wherever they are, each with its app, oldest first. What got no token is none.
pub async fn list_connected_of_user(rows: &impl Rows, user: UserId) -> Result<Vec<(Grant, Client)>, StoreError> {
    let mut query = Query::select();
    join::select::<Entity>(&mut query, "grant_");
    join::select::<oauth_client::Entity>(&mut query, "client_");
    query
        .from(Entity)
        .inner_join(oauth_client::Entity, join::same(oauth_client::Column::Id, Column::ClientId))
        .and_where(Column::SubjectId.eq(user.0))
        .and_where(Column::SubjectKind.eq(USER))
        .and_where(Column::RevokedAt.is_null())
        .and_where(Column::ConnectedAt.is_not_null())
        .order_by(Column::Id.as_column_ref(), Order::Asc);
    let mut list = Vec::new();
    for row in rows.connection().query_all(&query).await? {
        list.push((
            join::read::<Entity>(&row, "grant_")?.try_into()?,
            join::read::<oauth_client::Entity>(&row, "client_")?.try_into()?,
        ));
    }
    Ok(list)
}

/// What can act, or may come to it: a grant whose code came to nothing holds no token, and never will.
fn acts(made_since: Timestamp) -> Condition {
    Condition::any().add(Column::ConnectedAt.is_not_null()).add(Column::CreatedAt.gte(made_since.as_millis()))
}

/// The live grants of a workspace that were connected or made since then, newest use first.
pub async fn list_for_workspace(
    rows: &impl Rows,
    workspace: WorkspaceId,
    made_since: Timestamp,
) -> Result<Vec<(Grant, Client, User)>, StoreError> {
    let mut query = Query::select();
    join::select::<Entity>(&mut query, "grant_");
    join::select::<oauth_client::Entity>(&mut query, "client_");
    join::select::<user_account::Entity>(&mut query, "user_");
    let used =
        Func::coalesce([Expr::col(Column::LastUsedAt.as_column_ref()), Expr::col(Column::CreatedAt.as_column_ref())]);
    query
        .from(Entity)
        .inner_join(oauth_client::Entity, join::same(oauth_client::Column::Id, Column::ClientId))
        .inner_join(
            user_account::Entity,
            join::same(user_account::Column::Id, Column::SubjectId).and(Column::SubjectKind.eq(USER)),
        )
        .and_where(Column::WorkspaceId.eq(workspace.0))
        .and_where(Column::RevokedAt.is_null())
        .cond_where(acts(made_since))
        .order_by_expr(used.into(), Order::Desc)
        .order_by(Column::Id.as_column_ref(), Order::Desc);
    let mut list = Vec::new();
    for row in rows.connection().query_all(&query).await? {
        list.push((
            join::read::<Entity>(&row, "grant_")?.try_into()?,
            join::read::<oauth_client::Entity>(&row, "client_")?.try_into()?,
            join::read::<user_account::Entity>(&row, "user_")?.try_into()?,
        ));
    }
    Ok(list)
}

/// When those of these grants that are live were last used, as far as they were.
pub async fn last_uses(rows: &impl Rows, ids: &[GrantId]) -> Result<HashMap<GrantId, Timestamp>, StoreError> {
    let query = Entity::find()
        .select_only()
        .columns([Column::Id, Column::LastUsedAt])
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::LastUsedAt.is_not_null());
    let uses: Vec<(Uuid, i64)> = query.into_tuple().all(rows.connection()).await?;
    Ok(uses.into_iter().map(|(id, at)| (GrantId(id), Timestamp::from_millis(at))).collect())
}

/// How many a workspace lists.
pub async fn count_for_workspace(
    rows: &impl Rows,
    workspace: WorkspaceId,
    made_since: Timestamp,
) -> Result<u64, StoreError> {
    let live = Entity::find().filter(Column::WorkspaceId.eq(workspace.0)).filter(Column::RevokedAt.is_null());
    Ok(live.filter(acts(made_since)).count(rows.connection()).await?)
}

/// Remembers when the first token was given out for it.
pub async fn mark_connected(transaction: &Transaction, id: GrantId, now: Timestamp) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::ConnectedAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::ConnectedAt.is_null())
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Whether a token was ever given out for it.
pub async fn was_connected(rows: &impl Rows, id: GrantId) -> Result<bool, StoreError> {
    let query = Entity::find_by_id(id.0).filter(Column::ConnectedAt.is_not_null());
    Ok(query.count(rows.connection()).await? > 0)
}

/// Whether this call revoked it: a second one is told no.
pub async fn revoke(transaction: &Transaction, id: GrantId, now: Timestamp) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::RevokedAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .filter(Column::RevokedAt.is_null());
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Puts it into another workspace, from the next call on.
pub async fn set_workspace(transaction: &Transaction, id: GrantId, workspace: WorkspaceId) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::WorkspaceId, workspace.0.into())
        .filter(Column::Id.eq(id.0))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Remembers a use.
pub async fn touch(transaction: &Transaction, id: GrantId, now: Timestamp) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::LastUsedAt, now.as_millis().into())
        .filter(Column::Id.eq(id.0))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

impl TryFrom<Model> for Grant {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        if model.subject_kind != USER {
            return Err(StoreError::Corrupt("oauth_grant.subject_kind".to_owned()));
        }
        Ok(Self {
            id: GrantId(model.id),
            subject: Subject::User(UserId(model.subject_id)),
            client: ClientId(model.client_id),
            client_name: model.client_name,
            workspace: WorkspaceId(model.workspace_id),
            asked: ScopeSet::parse(&model.asked_scopes),
            scopes: ScopeSet::parse(&model.scopes),
            resource: model.resource,
            redirect_uri: model.redirect_uri,
            created_at: Timestamp::from_millis(model.created_at),
            last_used_at: time(model.last_used_at),
            revoked_at: time(model.revoked_at),
        })
    }
}
