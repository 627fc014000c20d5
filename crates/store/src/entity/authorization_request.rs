//! Questions put before a person.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "authorization_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub client_id: String,
    pub redirect_uri: String,
    pub state: Option<String>,
    pub scopes: String,
    pub code_challenge: String,
    pub resource_path: String,
    pub nonce: Option<String>,
    pub prompt: String,
    pub max_age_seconds: Option<i64>,
    pub login_hint: Option<String>,
    pub picked_workspace_id: Option<Uuid>,
    pub created_at: i64,
    pub expires_at: i64,
    pub decided_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
