//! Metered calls, one row each.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "usage_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub event: String,
    pub at: i64,
    pub workspace_id: Uuid,
    pub payer_kind: String,
    pub payer_id: Uuid,
    pub operation: String,
    pub vanity: String,
    pub outcome: String,
    pub is_new_profile: bool,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
