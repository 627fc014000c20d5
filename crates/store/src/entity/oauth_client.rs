//! OAuth applications.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "oauth_client")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub name: String,
    pub logo_uri: Option<String>,
    pub redirect_uris: String,
    pub auth_method: String,
    pub secret_hash: Option<Vec<u8>>,
    pub jwks: Option<String>,
    pub jwks_uri: Option<String>,
    pub identity_token_algorithm: String,
    pub may_refresh: bool,
    pub may_introspect: bool,
    pub registration: String,
    pub registration_token_hash: Option<Vec<u8>>,
    pub fingerprint: Option<Vec<u8>>,
    pub document_fetched_at: Option<i64>,
    pub document_fresh_until: Option<i64>,
    pub document_is_pinned: bool,
    pub standing: String,
    pub created_at: i64,
    pub last_seen_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
