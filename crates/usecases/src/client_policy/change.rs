//! What every change of the policy ends with: the clients' standings, and the entry in the audit log.

use super::affected;
use crate::{
    Deps,
    access::operator::Operator,
    audit::{self, Entry},
};
use domain::{
    audit::Action,
    oauth::{
        client::{ClientId, Standing},
        client_policy::{Policy, RuleSubject},
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

impl Moved {
    /// For the audit log.
    pub(super) fn as_json(self) -> Value {
        json!({ "allowed": self.allowed, "asked": self.asked, "blocked": self.blocked })
    }
}

/// Writes down where the clients stand under a policy whose rule about `subject`, or whose default, changed: effective on
/// their next request.
pub(super) async fn judge(
    transaction: &Transaction,
    policy: &Policy,
    subject: Option<&RuleSubject>,
) -> Result<Moved, StoreError> {
    let (mut allowed, mut asked, mut blocked): (Vec<ClientId>, Vec<_>, Vec<_>) = Default::default();
    affected::each(transaction, subject, |client| match policy.standing(&client) {
        same if same == client.standing => {}
        Standing::Allowed => allowed.push(client.id),
        Standing::Asked => asked.push(client.id),
        Standing::Blocked => blocked.push(client.id),
    })
    .await?;
    for (ids, standing) in [(&allowed, Standing::Allowed), (&asked, Standing::Asked), (&blocked, Standing::Blocked)] {
        let ids: Vec<_> = ids.iter().collect();
        store::client_policy::set_standing(transaction, &ids, standing).await?;
    }
    Ok(Moved { allowed: allowed.len(), asked: asked.len(), blocked: blocked.len() })
}

/// What an operator changed, and what it did to the clients.
pub(super) struct Event {
    pub action: Action,
    pub target: String,
    pub detail: Value,
    pub moved: Moved,
}

pub(super) async fn record(
    deps: &Deps,
    transaction: &Transaction,
    operator: &Operator,
    event: Event,
) -> Result<(), StoreError> {
    let Event { action, target, mut detail, moved } = event;
    detail["moved"] = moved.as_json();
    let entry = Entry { workspace: None, actor: operator.actor(), action, target, detail };
    audit::record(deps, transaction, entry).await
}
