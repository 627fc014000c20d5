//! Workspaces, the tenants.

use crate::{
    Rows, StoreError, Transaction,
    entity::{
        membership,
        workspace::{ActiveModel, Column, Entity, Model},
    },
    error::corrupt,
    join,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{UserId, WorkspaceId},
    role::Role,
    slug::Slug,
    workspace::Workspace,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, Func, Order, Query},
};
use std::collections::{HashMap, HashSet};

/// [`StoreError::Conflict`] when the slug is taken.
pub async fn insert(transaction: &Transaction, workspace: &Workspace) -> Result<(), StoreError> {
    let model = ActiveModel {
        id: Set(workspace.id.0),
        slug: Set(workspace.slug.as_str().to_owned()),
        name: Set(workspace.name.clone()),
        plan_id: Set(workspace.plan.clone()),
        created_at: Set(workspace.created_at.as_millis()),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

pub async fn find(rows: &impl Rows, id: WorkspaceId) -> Result<Option<Workspace>, StoreError> {
    Entity::find_by_id(id.0).one(rows.connection()).await?.map(Workspace::try_from).transpose()
}

/// The names of these, as far as they are there.
pub async fn names(rows: &impl Rows, ids: &[WorkspaceId]) -> Result<HashMap<WorkspaceId, String>, StoreError> {
    let query = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Name])
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)));
    let found: Vec<(Uuid, String)> = query.into_tuple().all(rows.connection()).await?;
    Ok(found.into_iter().map(|(id, name)| (WorkspaceId(id), name)).collect())
}

pub async fn find_by_slug(rows: &impl Rows, slug: &Slug) -> Result<Option<Workspace>, StoreError> {
    let query = Entity::find().filter(Column::Slug.eq(slug.as_str()));
    query.one(rows.connection()).await?.map(Workspace::try_from).transpose()
}

/// The slugs that start like this one, and more: every one that [`Slug::first_free`] could meet is among them.
pub async fn similar_slugs(rows: &impl Rows, slug: &Slug) -> Result<HashSet<String>, StoreError> {
    // Slugs hold neither `%` nor `_`, so they match themselves.
    let query = Entity::find().select_only().column(Column::Slug).filter(Column::Slug.starts_with(slug.stem()));
    Ok(query.into_tuple::<String>().all(rows.connection()).await?.into_iter().collect())
}

/// Where somebody is a member, and as what, by the workspace's name.
pub async fn list_for_user(rows: &impl Rows, user: UserId) -> Result<Vec<(Workspace, Role)>, StoreError> {
    let mut query = Query::select();
    join::select::<Entity>(&mut query, "workspace_");
    join::select::<membership::Entity>(&mut query, "membership_");
    query
        .from(Entity)
        .inner_join(membership::Entity, join::same(membership::Column::WorkspaceId, Column::Id))
        .and_where(membership::Column::UserId.eq(user.0))
        .order_by_expr(Func::lower(Expr::col(Column::Name.as_column_ref())).into(), Order::Asc)
        .order_by(Column::Id.as_column_ref(), Order::Asc);
    let mut list = Vec::new();
    for row in rows.connection().query_all(&query).await? {
        let workspace = join::read::<Entity>(&row, "workspace_")?.try_into()?;
        let role = join::read::<membership::Entity>(&row, "membership_")?.role;
        list.push((workspace, role.parse().map_err(corrupt("membership.role"))?));
    }
    Ok(list)
}

/// All workspaces, by slug, for the operator's command line.
pub async fn list(rows: &impl Rows) -> Result<Vec<Workspace>, StoreError> {
    let models = Entity::find().order_by_asc(Column::Slug).all(rows.connection()).await?;
    models.into_iter().map(Workspace::try_from).collect()
}

/// Whether there is such a workspace. A plan that is none is a fault of the database's.
pub async fn set_plan(transaction: &Transaction, id: WorkspaceId, plan: &str) -> Result<bool, StoreError> {
    let update = Entity::update_many().col_expr(Column::PlanId, plan.into()).filter(Column::Id.eq(id.0));
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

impl TryFrom<Model> for Workspace {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: WorkspaceId(model.id),
            slug: model.slug.parse().map_err(corrupt("workspace.slug"))?,
            name: model.name,
            plan: model.plan_id,
            created_at: Timestamp::from_millis(model.created_at),
        })
    }
}
