//! Logos of clients by the address that they were fetched from. The pictures themselves are photo files.

use crate::{
    Rows, StoreError, Transaction,
    entity::{
        client_logo::{ActiveModel, Column, Entity},
        oauth_client,
    },
    error::corrupt,
    rows::sealed::Connected,
};
use domain::{avatar::PhotoId, clock::Timestamp, oauth::logo::LogoUri};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{OnConflict, Query},
};
use std::collections::HashMap;

/// The pictures that were fetched from these addresses; one that gave none is left out.
pub async fn pictures(rows: &impl Rows, uris: &[&LogoUri]) -> Result<HashMap<LogoUri, PhotoId>, StoreError> {
    if uris.is_empty() {
        return Ok(HashMap::new());
    }
    let texts = uris.iter().map(|uri| uri.as_str());
    let models = Entity::find().filter(Column::Uri.is_in(texts)).all(rows.connection()).await?;
    let found: HashMap<String, Option<String>> = models.into_iter().map(|model| (model.uri, model.picture)).collect();
    let picture_of = |uri: &&LogoUri| {
        let picture = found.get(uri.as_str())?.as_ref()?.parse();
        Some(picture.map(|picture| ((*uri).clone(), picture)).map_err(corrupt("client_logo.picture")))
    };
    uris.iter().filter_map(picture_of).collect()
}

/// When the address was last asked.
pub async fn asked_at(rows: &impl Rows, uri: &LogoUri) -> Result<Option<Timestamp>, StoreError> {
    let model = Entity::find_by_id(uri.as_str()).one(rows.connection()).await?;
    Ok(model.map(|model| Timestamp::from_millis(model.asked_at)))
}

/// Notes that the address is asked now, unless it was since `stale`: of many callers at once, one is told that it may.
pub async fn claim(
    transaction: &Transaction,
    uri: &LogoUri,
    now: Timestamp,
    stale: Timestamp,
) -> Result<bool, StoreError> {
    let first = ActiveModel { uri: Set(uri.as_str().to_owned()), asked_at: Set(now.as_millis()), picture: Set(None) };
    let again = OnConflict::column(Column::Uri)
        .update_column(Column::AskedAt)
        .action_and_where(Column::AskedAt.lte(stale.as_millis()))
        .to_owned();
    let written = Entity::insert(first).on_conflict(again).exec_without_returning(transaction.connection()).await?;
    Ok(written > 0)
}

pub async fn keep(transaction: &Transaction, uri: &LogoUri, picture: &PhotoId) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Picture, picture.as_str().into())
        .filter(Column::Uri.eq(uri.as_str()))
        .exec(transaction.connection())
        .await?;
    Ok(())
}

/// Forgets the addresses that no client names any more, unless they were asked since `before`; tells how many.
pub async fn delete_unnamed(transaction: &Transaction, before: Timestamp) -> Result<u64, StoreError> {
    let named = Query::select()
        .column(oauth_client::Column::LogoUri)
        .from(oauth_client::Entity)
        .and_where(oauth_client::Column::LogoUri.is_not_null())
        .take();
    let unnamed = Entity::delete_many()
        .filter(Column::Uri.not_in_subquery(named))
        .filter(Column::AskedAt.lte(before.as_millis()));
    Ok(unnamed.exec(transaction.connection()).await?.rows_affected)
}
