//! What workspaces pay for. The first three plans come with the schema.

use crate::{
    Rows, StoreError,
    cell::from_row,
    entity::plan::{Column, Entity, Model},
};
use domain::quota::{Plan, Units};
use sea_orm::{EntityTrait, QueryOrder};

pub async fn find(rows: &impl Rows, id: &str) -> Result<Option<Plan>, StoreError> {
    Ok(Entity::find_by_id(id).one(rows.connection()).await?.map(Plan::from))
}

/// All plans, smallest first.
pub async fn list(rows: &impl Rows) -> Result<Vec<Plan>, StoreError> {
    let models = Entity::find().order_by_asc(Column::AvatarRequests).all(rows.connection()).await?;
    Ok(models.into_iter().map(Plan::from).collect())
}

impl From<Model> for Plan {
    fn from(model: Model) -> Self {
        Self {
            id: model.id,
            name: model.name,
            limits: Units {
                avatar_requests: from_row(model.avatar_requests),
                avatar_new_profiles: from_row(model.avatar_new_profiles),
            },
        }
    }
}
