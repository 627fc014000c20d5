//! Ending a key, effective on the next request.

use crate::{
    Deps,
    audit::{self, Entry},
    workspace::Member,
};
use domain::{
    api_key::ApiKey,
    audit::{Action, Actor},
    id::ApiKeyId,
    role::Permission,
};
use serde_json::json;
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum RevokeKeyError {
    #[error("there is no such key: it may have been revoked already")]
    NotFound,
    #[error("{0} keys begin like that: write more of it")]
    Ambiguous(usize),
    #[error("your role in this workspace doesn't allow that: ask whoever runs this server for another role")]
    NotAllowed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub async fn revoke(deps: &Deps, member: &Member, id: ApiKeyId) -> Result<(), RevokeKeyError> {
    if !member.role.may(Permission::ManageKeys) {
        return Err(RevokeKeyError::NotAllowed);
    }
    let key = store::api_key::find(&deps.store, member.workspace.id, id).await?.ok_or(RevokeKeyError::NotFound)?;
    end(deps, &key, Actor::User(member.user)).await
}

/// For the command line: the key whose text begins with `prefix`.
pub async fn revoke_by_hint(deps: &Deps, prefix: &str) -> Result<ApiKey, RevokeKeyError> {
    let mut keys = store::api_key::find_by_hint(&deps.store, prefix).await?;
    keys.retain(|key| key.revoked_at.is_none());
    match keys.as_slice() {
        [] => Err(RevokeKeyError::NotFound),
        [key] => {
            end(deps, key, Actor::Operator).await?;
            Ok(key.clone())
        }
        several => Err(RevokeKeyError::Ambiguous(several.len())),
    }
}

async fn end(deps: &Deps, key: &ApiKey, actor: Actor) -> Result<(), RevokeKeyError> {
    let transaction = deps.store.begin().await?;
    if store::api_key::revoke(&transaction, key.workspace, key.id, deps.now()).await? {
        let entry = Entry {
            workspace: Some(key.workspace),
            actor,
            action: Action::KeyRevoked,
            target: key.hint.clone(),
            detail: json!({ "kind": key.kind, "name": key.name }),
        };
        audit::record(deps, &transaction, entry).await?;
    }
    Ok(transaction.commit().await?)
}
