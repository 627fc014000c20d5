//! OAuth applications.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub redirect_uris: String,
    pub auth_method: String,
    pub secret_hash: Option<Vec<u8>>,
    pub may_refresh: bool,
    pub registration: String,
    pub created_at: i64,
    pub blocked_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
