//! Standings that were written down by an earlier version, which may have read names less closely.

use super::change::{Moved, judge};
use crate::{
    Deps,
    audit::{self, Entry},
};
use domain::{
    audit::{Action, Actor},
    oauth::client_policy::RuleSubject,
};
use serde_json::json;
use store::StoreError;

/// Has the rules about names hold as this version reads them. For the start of the server.
pub async fn catch_up(deps: &Deps) -> Result<Moved, StoreError> {
    let transaction = deps.store.begin().await?;
    let policy = store::client_policy::hold(&transaction).await?;
    if !policy.rules.iter().any(|rule| matches!(rule.subject, RuleSubject::Name(_))) {
        return Ok(Moved::default());
    }
    let moved = judge(&transaction, &policy, None).await?;
    if moved != Moved::default() {
        let entry = Entry {
            workspace: None,
            actor: Actor::System,
            action: Action::PolicyApplied,
            target: String::new(),
            detail: json!({ "moved": moved.as_json() }),
        };
        audit::record(deps, &transaction, entry).await?;
    }
    transaction.commit().await?;
    Ok(moved)
}
