//! What a workspace looks like at a glance.

use super::Member;
use crate::{Deps, avatar, grant, metering};
use domain::{avatar::AvatarSize, quota::Balance};
use store::StoreError;

#[derive(Debug, Clone)]
pub struct Overview {
    /// People in the directory.
    pub people: u64,
    /// A few of them who have a photo.
    pub faces: Vec<Face>,
    /// Everybody’s, as the apps page lists them.
    pub connections: u64,
    pub balance: Balance,
}

/// Somebody's photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    pub name: String,
    pub url: String,
}

const FACES: u64 = 9;

pub async fn overview(deps: &Deps, member: &Member) -> Result<Overview, StoreError> {
    let workspace = member.workspace.id;
    let portrayed = store::profile::some_with_photo(&deps.store, workspace, FACES).await?;
    let faces = portrayed.into_iter().filter_map(|profile| {
        let url = avatar::image_url(deps, &profile.photo?, AvatarSize::API_DEFAULT);
        Some(Face { name: profile.facts.name, url })
    });
    Ok(Overview {
        faces: faces.collect(),
        people: store::profile::count(&deps.store, workspace).await?,
        connections: store::grant::count_for_workspace(&deps.store, workspace, grant::codes_since(deps)).await?,
        balance: metering::balance(deps, workspace).await?,
    })
}
