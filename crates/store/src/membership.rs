//! Who belongs to which workspace.

use crate::{
    Rows, StoreError, Transaction,
    entity::membership::{ActiveModel, Entity, Model},
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{UserId, WorkspaceId},
    workspace::Membership,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

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
