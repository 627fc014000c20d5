//! Who belongs to which workspace.

use crate::{
    Rows, StoreError, Transaction,
    entity::{
        membership::{ActiveModel, Column, Entity, Model},
        user_account, workspace,
    },
    error::corrupt,
    join,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{UserId, WorkspaceId},
    role::Role,
    user::User,
    workspace::Membership,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, Func, Order, Query},
};

/// [`StoreError::Conflict`] when the user is a member already.
pub async fn insert(transaction: &Transaction, membership: &Membership) -> Result<(), StoreError> {
    let model = ActiveModel {
        workspace_id: Set(membership.workspace.0),
        user_id: Set(membership.user.0),
        role: Set(membership.role.as_str().to_owned()),
        created_at: Set(membership.created_at.as_millis()),
    };
    Entity::insert(model).exec_without_returning(transaction.connection()).await?;
    Ok(())
}

pub async fn find(rows: &impl Rows, workspace: WorkspaceId, user: UserId) -> Result<Option<Membership>, StoreError> {
    let model = Entity::find_by_id((workspace.0, user.0)).one(rows.connection()).await?;
    model.map(Membership::try_from).transpose()
}

/// The members of a workspace, by name.
pub async fn list(rows: &impl Rows, workspace: WorkspaceId) -> Result<Vec<(User, Membership)>, StoreError> {
    let mut query = Query::select();
    join::select::<Entity>(&mut query, "membership_");
    join::select::<user_account::Entity>(&mut query, "user_");
    query
        .from(Entity)
        .inner_join(user_account::Entity, join::same(user_account::Column::Id, Column::UserId))
        .and_where(Column::WorkspaceId.eq(workspace.0))
        .order_by_expr(Func::lower(Expr::col(user_account::Column::Name.as_column_ref())).into(), Order::Asc)
        .order_by(user_account::Column::Id.as_column_ref(), Order::Asc);
    let mut list = Vec::new();
    for row in rows.connection().query_all(&query).await? {
        let user = join::read::<user_account::Entity>(&row, "user_")?.try_into()?;
        list.push((user, join::read::<Entity>(&row, "membership_")?.try_into()?));
    }
    Ok(list)
}

/// Lets no other transaction that holds it change who belongs to the workspace until this one ends. SQLite has one
/// writer anyway.
pub async fn hold(transaction: &Transaction, workspace: WorkspaceId) -> Result<(), StoreError> {
    let row = workspace::Entity::find_by_id(workspace.0).lock_exclusive();
    row.one(transaction.connection()).await?;
    Ok(())
}

/// Whether there was such a member.
pub async fn set_role(
    transaction: &Transaction,
    workspace: WorkspaceId,
    user: UserId,
    role: Role,
) -> Result<bool, StoreError> {
    let update = Entity::update_many()
        .col_expr(Column::Role, role.as_str().into())
        .filter(Column::WorkspaceId.eq(workspace.0))
        .filter(Column::UserId.eq(user.0));
    Ok(update.exec(transaction.connection()).await?.rows_affected > 0)
}

/// Whether there was such a member.
pub async fn delete(transaction: &Transaction, workspace: WorkspaceId, user: UserId) -> Result<bool, StoreError> {
    let delete = Entity::delete_many().filter(Column::WorkspaceId.eq(workspace.0)).filter(Column::UserId.eq(user.0));
    Ok(delete.exec(transaction.connection()).await?.rows_affected > 0)
}

impl TryFrom<Model> for Membership {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId(model.user_id),
            workspace: WorkspaceId(model.workspace_id),
            role: model.role.parse().map_err(corrupt("membership.role"))?,
            created_at: Timestamp::from_millis(model.created_at),
        })
    }
}
