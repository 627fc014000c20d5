//! Steps of apps on their way to a connection.

use sea_orm::entity::prelude::*;

#[derive(Debug, Clone, DeriveEntityModel)]
#[sea_orm(table_name = "connection_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub at: i64,
    pub last_at: i64,
    pub step: String,
    /// The mismatch as JSON; none where the step went well.
    pub mismatch: Option<String>,
    pub client_id: Option<String>,
    pub request_id: Option<Uuid>,
    pub grant_id: Option<Uuid>,
    pub user_id: Option<Uuid>,
    pub source: Option<Vec<u8>>,
    pub count: i64,
    /// What makes another event the same one, for a while.
    pub fingerprint: Vec<u8>,
}

#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
