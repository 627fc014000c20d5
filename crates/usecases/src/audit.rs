//! Writing the audit log: always inside the transaction of what it tells.

use crate::Deps;
use domain::{
    audit::{Action, Actor, AuditEvent},
    id::{AuditEventId, UserId, WorkspaceId},
};
use serde_json::Value;
use store::{StoreError, Transaction};

/// What is to be remembered.
pub(crate) struct Entry {
    pub workspace: Option<WorkspaceId>,
    pub actor: Actor,
    pub action: Action,
    pub target: String,
    pub detail: Value,
}

pub(crate) async fn record(deps: &Deps, transaction: &Transaction, entry: Entry) -> Result<(), StoreError> {
    record_and_tell(deps, transaction, entry, None).await
}

/// Also tells somebody of it, on their pages.
pub(crate) async fn record_and_tell(
    deps: &Deps,
    transaction: &Transaction,
    entry: Entry,
    concerns: Option<UserId>,
) -> Result<(), StoreError> {
    let now = deps.now();
    let event = AuditEvent {
        id: AuditEventId::generate(now, &*deps.entropy),
        at: now,
        workspace: entry.workspace,
        actor: entry.actor,
        action: entry.action,
        target: entry.target,
        concerns,
        detail: entry.detail,
    };
    store::audit::append(transaction, &event).await
}
