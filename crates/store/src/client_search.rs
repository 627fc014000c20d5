//! Clients as the operator looks them over: a few at a time, those that wait for an answer first.

use crate::{
    Rows, StoreError,
    cell::from_row,
    entity::{
        oauth_client::{Column, Entity},
        oauth_grant,
    },
};
use domain::oauth::client::{Client, ClientId, Standing};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{CaseStatement, Expr, ExprTrait, Func, LikeExpr, Order},
};
use std::collections::HashMap;

/// Which clients are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Part of a name, of an identifier or of a redirect URI, in small or capital letters; empty: any.
    pub text: String,
    pub standing: Option<Standing>,
}

/// Those waiting for an answer first, then the last seen.
pub async fn list(rows: &impl Rows, wanted: &Wanted, skip: u64, limit: u64) -> Result<Vec<Client>, StoreError> {
    let is_asked = CaseStatement::new().case(Column::Standing.eq(Standing::Asked.as_str()), 0).finally(1);
    let seen = Func::coalesce([Column::LastSeenAt.into_expr(), Column::CreatedAt.into_expr()]);
    let query = search(wanted)
        .order_by(Expr::Case(Box::new(is_asked)), Order::Asc)
        .order_by(Expr::from(seen), Order::Desc)
        .order_by_desc(Column::Id)
        .offset(skip)
        .limit(limit);
    query.all(rows.connection()).await?.into_iter().map(Client::try_from).collect()
}

pub async fn count(rows: &impl Rows, wanted: &Wanted) -> Result<u64, StoreError> {
    Ok(search(wanted).count(rows.connection()).await?)
}

/// How many live grants each of these clients holds; who holds none is left out.
pub async fn live_grants(rows: &impl Rows, ids: &[&ClientId]) -> Result<HashMap<ClientId, u64>, StoreError> {
    let counts: Vec<(String, i64)> = oauth_grant::Entity::find()
        .select_only()
        .column(oauth_grant::Column::ClientId)
        .column_as(oauth_grant::Column::Id.count(), "grants")
        .filter(oauth_grant::Column::ClientId.is_in(ids.iter().map(|id| id.0.as_str())))
        .filter(oauth_grant::Column::RevokedAt.is_null())
        .group_by(oauth_grant::Column::ClientId)
        .into_tuple()
        .all(rows.connection())
        .await?;
    Ok(counts.into_iter().map(|(id, grants)| (ClientId(id), from_row(grants))).collect())
}

fn search(wanted: &Wanted) -> Select<Entity> {
    let mut query = Entity::find();
    if let Some(standing) = wanted.standing {
        query = query.filter(Column::Standing.eq(standing.as_str()));
    }
    if wanted.text.is_empty() {
        return query;
    }
    let like = LikeExpr::new(format!("%{}%", escaped(&wanted.text.to_lowercase()))).escape('\\');
    let holds = |column: Column| Expr::from(Func::lower(column.into_expr())).like(like.clone());
    query.filter(holds(Column::Name).or(holds(Column::Id)).or(holds(Column::RedirectUris)))
}

/// `%` and `_` mean themselves. PostgreSQL's texts hold no NUL.
fn escaped(text: &str) -> String {
    text.replace('\0', "").replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
