//! What a workspace looks like at a glance.

use super::Member;
use crate::{Deps, metering};
use domain::quota::Balance;
use store::StoreError;

#[derive(Debug, Clone)]
pub struct Overview {
    /// People in the directory.
    pub people: u64,
    /// Live grants of everybody.
    pub connections: usize,
    pub balance: Balance,
}

pub async fn overview(deps: &Deps, member: &Member) -> Result<Overview, StoreError> {
    let workspace = member.workspace.id;
    Ok(Overview {
        people: store::profile::count(&deps.store, workspace).await?,
        connections: store::grant::list_for_workspace(&deps.store, workspace).await?.len(),
        balance: metering::balance(deps, workspace).await?,
    })
}
