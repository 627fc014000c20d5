//! A new key. Its text is answered once; rows hold the hash, and the text only where it is public anyway.

use crate::{
    Deps,
    audit::{self, Entry},
    workspace::Member,
};
use domain::{
    api_key::{AllowedDomain, ApiKey, InvalidDomains, KeyKind, MissingKeyName, allowed_domains, key_name},
    audit::{Action, Actor},
    id::{ApiKeyId, WorkspaceId},
    role::Permission,
    secret::Secret,
    workspace::Workspace,
};
use serde_json::json;
use store::{StoreError, Transaction};

/// What somebody typed.
pub struct NewKey {
    pub kind: KeyKind,
    pub name: String,
    /// Pages that may use a publishable key; empty = any.
    pub allowed_domains: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum CreateKeyError {
    #[error(transparent)]
    Name(#[from] MissingKeyName),
    #[error(transparent)]
    Domain(#[from] InvalidDomains),
    #[error("a secret key stays on servers: allowed domains are for publishable keys")]
    DomainsOfSecretKey,
    #[error("your role in this workspace doesn't allow that: ask whoever runs this server for another role")]
    NotAllowed,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// For a member whose role allows it.
pub async fn create(deps: &Deps, member: &Member, new: NewKey) -> Result<(ApiKey, Secret), CreateKeyError> {
    if !member.role.may(Permission::ManageKeys) {
        return Err(CreateKeyError::NotAllowed);
    }
    make(deps, Actor::User(member.user), member.workspace.id, new).await
}

/// For the command line, whose operator may do anything.
pub async fn create_as_operator(
    deps: &Deps,
    workspace: &Workspace,
    new: NewKey,
) -> Result<(ApiKey, Secret), CreateKeyError> {
    make(deps, Actor::Operator, workspace.id, new).await
}

async fn make(
    deps: &Deps,
    actor: Actor,
    workspace: WorkspaceId,
    new: NewKey,
) -> Result<(ApiKey, Secret), CreateKeyError> {
    let name = key_name(&new.name)?;
    let allowed_domains = allowed_domains(&new.allowed_domains)?;
    if new.kind == KeyKind::Secret && !allowed_domains.is_empty() {
        return Err(CreateKeyError::DomainsOfSecretKey);
    }
    let transaction = deps.store.begin().await?;
    let draft = Draft { kind: new.kind, name, allowed_domains, is_connector: false };
    let made = insert(deps, &transaction, actor, workspace, draft).await?;
    transaction.commit().await?;
    Ok(made)
}

/// A key that passed every rule.
pub(crate) struct Draft {
    pub kind: KeyKind,
    pub name: String,
    pub allowed_domains: Vec<AllowedDomain>,
    pub is_connector: bool,
}

pub(crate) async fn insert(
    deps: &Deps,
    transaction: &Transaction,
    actor: Actor,
    workspace: WorkspaceId,
    draft: Draft,
) -> Result<(ApiKey, Secret), StoreError> {
    let now = deps.now();
    let secret = Secret::generate(draft.kind.secret_kind(), &*deps.entropy);
    let key = ApiKey {
        id: ApiKeyId::generate(now, &*deps.entropy),
        workspace,
        kind: draft.kind,
        name: draft.name,
        hint: secret.hint(),
        readable: (draft.kind == KeyKind::Publishable).then(|| secret.expose().to_owned()),
        allowed_domains: draft.allowed_domains,
        is_connector: draft.is_connector,
        created_at: now,
        last_used_at: None,
        revoked_at: None,
    };
    store::api_key::insert(transaction, &key, &secret.hash()).await?;
    let entry = Entry {
        workspace: Some(workspace),
        actor,
        action: Action::KeyCreated,
        target: key.hint.clone(),
        detail: json!({ "kind": key.kind, "name": key.name, "connector": key.is_connector }),
    };
    audit::record(deps, transaction, entry).await?;
    Ok((key, secret))
}
