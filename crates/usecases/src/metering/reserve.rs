//! Reserving the units of one call. Every door meters alike, because only use cases call this.

use crate::Deps;
use domain::{
    id::{UsageEventId, WorkspaceId},
    linkedin_url::VanityName,
    quota::{Balance, Cycle, QuotaExceeded},
    usage::{Outcome, Payer, UsageEvent},
};
use std::sync::Arc;
use store::StoreError;

/// A call that is about to be answered.
pub struct MeteredCall {
    pub workspace: WorkspaceId,
    pub payer: Payer,
    /// The tool's name, or `avatar`.
    pub operation: &'static str,
    pub vanity: VanityName,
    pub outcome: Outcome,
}

/// A call that is paid for.
#[derive(Debug, Clone)]
pub struct Metered {
    /// After this call.
    pub balance: Balance,
    /// This workspace never looked the profile up before.
    pub is_new: bool,
}

#[derive(Debug, Clone, thiserror::Error)]
pub enum MeterError {
    #[error(transparent)]
    Exceeded(#[from] QuotaExceeded),
    /// One failed commit is the fault of every call in it.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// The server is shutting down.
    #[error("the call could not be metered")]
    Closed,
}

/// Returns once the units and the `avatarRequest` row are durable.
pub async fn reserve(deps: &Deps, call: MeteredCall) -> Result<Metered, MeterError> {
    let now = deps.now();
    let event = UsageEvent {
        id: UsageEventId::generate(now, &*deps.entropy),
        at: now,
        workspace: call.workspace,
        payer: call.payer,
        operation: call.operation,
        vanity: call.vanity,
        outcome: call.outcome,
    };
    deps.metering.submit(event).await
}

/// Where a workspace stands now.
pub async fn balance(deps: &Deps, workspace: WorkspaceId) -> Result<Balance, StoreError> {
    store::quota::balance(&deps.store, workspace, Cycle::containing(deps.now())).await
}
