//! Access tokens, by hash.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "access_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub secret_hash: Vec<u8>,
    pub grant_id: Uuid,
    pub family_id: Uuid,
    pub refresh_id: Option<Uuid>,
    pub parent_id: Option<Uuid>,
    pub scopes: String,
    pub issued_at: i64,
    pub expires_at: i64,
    pub first_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
