//! What every change of the policy ends with: the clients' standings, and the entry in the audit log.

use crate::{
    Deps,
    access::operator::Operator,
    audit::{self, Entry},
};
use domain::{
    audit::Action,
    oauth::{
        client::{ClientId, Standing},
        client_policy::Policy,
    },
};
use serde_json::{Value, json};
use store::{StoreError, Transaction};

/// How many clients stand elsewhere than before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moved {
    pub allowed: usize,
    pub asked: usize,
    pub blocked: usize,
}

/// Writes down where every client stands under a changed policy, effective on their next request.
pub(super) async fn judge_all(transaction: &Transaction, policy: &Policy) -> Result<Moved, StoreError> {
    let clients = store::client::list(transaction).await?;
    let (mut allowed, mut asked, mut blocked): (Vec<&ClientId>, Vec<_>, Vec<_>) = Default::default();
    for client in &clients {
        match policy.standing(client) {
            same if same == client.standing => {}
            Standing::Allowed => allowed.push(&client.id),
            Standing::Asked => asked.push(&client.id),
            Standing::Blocked => blocked.push(&client.id),
        }
    }
    for (ids, standing) in [(&allowed, Standing::Allowed), (&asked, Standing::Asked), (&blocked, Standing::Blocked)] {
        store::client_policy::set_standing(transaction, ids, standing).await?;
    }
    Ok(Moved { allowed: allowed.len(), asked: asked.len(), blocked: blocked.len() })
}

pub(super) async fn record(
    deps: &Deps,
    transaction: &Transaction,
    operator: &Operator,
    action: Action,
    target: String,
    (mut detail, moved): (Value, Moved),
) -> Result<(), StoreError> {
    detail["moved"] = json!({ "allowed": moved.allowed, "asked": moved.asked, "blocked": moved.blocked });
    let entry = Entry { workspace: None, actor: operator.actor(), action, target, detail };
    audit::record(deps, transaction, entry).await
}
