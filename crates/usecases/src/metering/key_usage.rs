//! Where the workspace of an API key stands: what `GET /v1/usage` tells a server.

use super::balance;
use crate::Deps;
use domain::{principal::KeyHolder, quota::Balance, workspace::Workspace};
use store::StoreError;

/// The key's workspace and its balance in the current cycle.
pub async fn usage_of_key(deps: &Deps, holder: &KeyHolder) -> Result<(Workspace, Balance), StoreError> {
    let missing = || StoreError::Corrupt("a key without its workspace".to_owned());
    let workspace = store::workspace::find(&deps.store, holder.workspace).await?.ok_or_else(missing)?;
    Ok((workspace, balance(deps, holder.workspace).await?))
}
