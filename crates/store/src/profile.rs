//! The directory: people who can be looked up, one row per workspace and vanity name.

use crate::{
    Rows, StoreError, Transaction,
    entity::profile::{ActiveModel, Column, Entity, Model},
    error::corrupt,
    join,
    rows::sealed::Connected,
};
use domain::{
    clock::Timestamp,
    id::{ProfileId, WorkspaceId},
    linkedin_url::VanityName,
    profile::{Profile, ProfileFacts},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::OnConflict,
};
use std::collections::{HashMap, HashSet};

/// Names in one query. SQLite binds at most 32,766 values.
const NAMES_AT_ONCE: usize = 5_000;
/// Rows of twelve columns in one statement.
const ROWS_AT_ONCE: usize = 500;

pub async fn find(
    rows: &impl Rows,
    workspace: WorkspaceId,
    vanity: &VanityName,
) -> Result<Option<Profile>, StoreError> {
    let query = Entity::find().filter(Column::WorkspaceId.eq(workspace.0)).filter(Column::Vanity.eq(vanity.as_str()));
    query.one(rows.connection()).await?.map(Profile::try_from).transpose()
}

/// Those of the names that are there, in no particular order.
pub async fn find_many(
    rows: &impl Rows,
    workspace: WorkspaceId,
    names: &[VanityName],
) -> Result<Vec<Profile>, StoreError> {
    let distinct: HashSet<&str> = names.iter().map(VanityName::as_str).collect();
    let distinct: Vec<&str> = distinct.into_iter().collect();
    let mut found = Vec::with_capacity(distinct.len());
    for chunk in distinct.chunks(NAMES_AT_ONCE) {
        let query = join::named::<Entity>(Column::WorkspaceId, workspace, Column::Vanity, chunk);
        for row in rows.connection().query_all(&query).await? {
            found.push(join::read::<Entity>(&row, "")?.try_into()?);
        }
    }
    Ok(found)
}

/// Inserts or replaces by workspace and vanity name; a row that is there keeps its identifier. Of two profiles with one
/// name the later counts.
pub async fn upsert(transaction: &Transaction, profiles: &[Profile]) -> Result<(), StoreError> {
    let last: HashMap<(WorkspaceId, &VanityName), usize> =
        profiles.iter().enumerate().map(|(index, profile)| ((profile.workspace, &profile.vanity), index)).collect();
    // In the order given: rows that lie together in the file lie together in the table.
    let distinct: Vec<&Profile> = profiles
        .iter()
        .enumerate()
        .filter(|(index, profile)| last.get(&(profile.workspace, &profile.vanity)) == Some(index))
        .map(|(_, profile)| profile)
        .collect();
    for chunk in distinct.chunks(ROWS_AT_ONCE) {
        let replace = OnConflict::columns([Column::WorkspaceId, Column::Vanity])
            .update_columns([
                Column::Name,
                Column::Headline,
                Column::Company,
                Column::Summary,
                Column::Industry,
                Column::Location,
                Column::OpenToWork,
                Column::Photo,
                Column::UpdatedAt,
            ])
            .to_owned();
        Entity::insert_many(chunk.iter().copied().map(ActiveModel::from))
            .on_conflict(replace)
            .exec_without_returning(transaction.connection())
            .await?;
    }
    Ok(())
}

/// Some people who have a photo, the first by vanity name: for showing what a directory holds, not for listing it.
pub async fn some_with_photo(rows: &impl Rows, workspace: WorkspaceId, limit: u64) -> Result<Vec<Profile>, StoreError> {
    let query = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace.0))
        .filter(Column::Photo.is_not_null())
        .order_by_asc(Column::Vanity)
        .limit(limit);
    query.all(rows.connection()).await?.into_iter().map(Profile::try_from).collect()
}

pub async fn count(rows: &impl Rows, workspace: WorkspaceId) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(Column::WorkspaceId.eq(workspace.0)).count(rows.connection()).await?)
}

impl From<&Profile> for ActiveModel {
    fn from(profile: &Profile) -> Self {
        let facts = &profile.facts;
        Self {
            id: Set(profile.id.0),
            workspace_id: Set(profile.workspace.0),
            vanity: Set(profile.vanity.as_str().to_owned()),
            name: Set(facts.name.clone()),
            headline: Set(facts.headline.clone()),
            company: Set(facts.company.clone()),
            summary: Set(facts.summary.clone()),
            industry: Set(facts.industry.clone()),
            location: Set(facts.location.clone()),
            open_to_work: Set(facts.open_to_work),
            photo: Set(profile.photo.as_ref().map(|photo| photo.as_str().to_owned())),
            updated_at: Set(profile.updated_at.as_millis()),
        }
    }
}

impl TryFrom<Model> for Profile {
    type Error = StoreError;

    fn try_from(model: Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: ProfileId(model.id),
            workspace: WorkspaceId(model.workspace_id),
            vanity: model.vanity.try_into().map_err(corrupt("profile.vanity"))?,
            facts: ProfileFacts {
                name: model.name,
                headline: model.headline,
                company: model.company,
                summary: model.summary,
                industry: model.industry,
                location: model.location,
                open_to_work: model.open_to_work,
            },
            photo: model.photo.map(|photo| photo.parse().map_err(corrupt("profile.photo"))).transpose()?,
            updated_at: Timestamp::from_millis(model.updated_at),
        })
    }
}
