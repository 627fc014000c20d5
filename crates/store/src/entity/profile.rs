//! The directory.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "profile")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub vanity: String,
    pub name: String,
    pub headline: Option<String>,
    pub company: Option<String>,
    pub summary: Option<String>,
    pub industry: Option<String>,
    pub location: Option<String>,
    pub open_to_work: Option<bool>,
    pub photo: Option<String>,
    pub updated_at: i64,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
