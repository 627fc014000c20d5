//! Changing the policy, by an operator only. A change is effective on the next request of whomever it is about.

use super::change::{Event, Moved, judge, record};
use crate::{Deps, access::operator::Operator};
use domain::{
    audit::Action,
    id::PolicyRuleId,
    oauth::{
        client::{ClientId, Standing},
        client_policy::{Effect, Policy, PolicyRule, Reason, RuleSubject},
    },
};
use serde_json::json;
use store::{StoreError, Transaction};

/// Most rules about hosts and names together: each client is judged by every one.
pub const MOST_RULES: usize = 500;

/// A rule that was added or removed, and how many clients stand elsewhere for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub rule: PolicyRule,
    pub moved: Moved,
}

#[derive(Debug, thiserror::Error)]
pub enum AddRuleError {
    #[error("there is no client {0}: `visage client list` shows all")]
    UnknownClient(ClientId),
    #[error("there are {MOST_RULES} rules already: remove one, or cover several hosts with *.example.com")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub enum RemoveRuleError {
    #[error("there is no such rule: it may have been removed already")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Every rule, oldest first, and what holds for all others.
pub async fn policy(deps: &Deps, _: &Operator) -> Result<Policy, StoreError> {
    store::client_policy::find(&deps.store).await
}

/// Adds a rule in place of the one about the same subject, if there is one.
pub async fn add_rule(
    deps: &Deps,
    operator: &Operator,
    subject: RuleSubject,
    effect: Effect,
) -> Result<Changed, AddRuleError> {
    let transaction = deps.store.begin().await?;
    let policy = store::client_policy::hold(&transaction).await?;
    put(deps, transaction, operator, policy, subject, effect).await
}

/// Adds the rule to the policy, which is held, and ends the transaction.
async fn put(
    deps: &Deps,
    transaction: Transaction,
    operator: &Operator,
    mut policy: Policy,
    subject: RuleSubject,
    effect: Effect,
) -> Result<Changed, AddRuleError> {
    let earlier = policy.rules.iter().position(|rule| rule.subject == subject);
    if let Some(same) = earlier.map(|place| &policy.rules[place]).filter(|rule| rule.effect == effect) {
        return Ok(Changed { rule: same.clone(), moved: Moved::default() });
    }
    match &subject {
        RuleSubject::Client(id) => {
            if earlier.is_none() && store::client::find(&transaction, id).await?.is_none() {
                return Err(AddRuleError::UnknownClient(id.clone()));
            }
        }
        RuleSubject::Host(_) | RuleSubject::Name(_) => {
            let general = policy.rules.iter().filter(|rule| !matches!(rule.subject, RuleSubject::Client(_))).count();
            if earlier.is_none() && general >= MOST_RULES {
                return Err(AddRuleError::TooMany);
            }
        }
    }
    let replaced = earlier.map(|place| policy.rules.remove(place));
    if let Some(replaced) = &replaced {
        store::client_policy::delete(&transaction, replaced.id).await?;
    }
    let now = deps.now();
    let rule = PolicyRule { id: PolicyRuleId::generate(now, &*deps.entropy), subject, effect, created_at: now };
    store::client_policy::insert(&transaction, &rule).await?;
    policy.rules.push(rule.clone());
    let moved = judge(&transaction, &policy, Some(&rule.subject)).await?;
    let detail = json!({ "effect": effect.as_str(), "replaced": replaced.map(|rule| rule.effect.as_str()) });
    let event = Event { action: Action::PolicyRuleAdded, target: target(&rule), detail, moved };
    record(deps, &transaction, operator, event).await?;
    transaction.commit().await?;
    Ok(Changed { rule, moved })
}

pub async fn remove_rule(deps: &Deps, operator: &Operator, id: PolicyRuleId) -> Result<Changed, RemoveRuleError> {
    let removed = remove(deps, operator, |rule| rule.id == id).await?;
    removed.ok_or(RemoveRuleError::NotFound)
}

/// Takes back what was decided about one client: the other rules hold for it again. None where nothing was.
pub async fn release(deps: &Deps, operator: &Operator, client: &ClientId) -> Result<Option<Changed>, StoreError> {
    remove(deps, operator, |rule| matches!(&rule.subject, RuleSubject::Client(about) if about == client)).await
}

/// What an unblocking stands against: without a decision of its own the client would be blocked all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    Rule(PolicyRule),
    Default,
}

/// Lets a blocked client go. One that was blocked by itself goes back to the rules, so that later ones hold for it too; only
/// where they block it as well is it allowed by a decision about it alone.
pub async fn unblock(deps: &Deps, operator: &Operator, id: &ClientId) -> Result<Option<Against>, AddRuleError> {
    let transaction = deps.store.begin().await?;
    let policy = store::client_policy::hold(&transaction).await?;
    let client = store::client::find(&transaction, id).await?;
    let client = client.ok_or_else(|| AddRuleError::UnknownClient(id.clone()))?;
    if !client.is_blocked() {
        return Ok(None);
    }
    let general = policy.without_decisions();
    let decision = general.decide(&client);
    if decision.standing == Standing::Blocked {
        let against = match decision.reason {
            Reason::Rule(rule) => Against::Rule(rule.clone()),
            Reason::Default | Reason::Entered => Against::Default,
        };
        put(deps, transaction, operator, policy, RuleSubject::Client(id.clone()), Effect::Allow).await?;
        return Ok(Some(against));
    }
    let own = |rule: &PolicyRule| matches!(&rule.subject, RuleSubject::Client(about) if about == id);
    if let Some(place) = policy.rules.iter().position(own) {
        take(deps, transaction, operator, policy, place).await?;
    }
    Ok(None)
}

async fn remove(
    deps: &Deps,
    operator: &Operator,
    is_meant: impl Fn(&PolicyRule) -> bool,
) -> Result<Option<Changed>, StoreError> {
    let transaction = deps.store.begin().await?;
    let policy = store::client_policy::hold(&transaction).await?;
    let Some(place) = policy.rules.iter().position(is_meant) else { return Ok(None) };
    take(deps, transaction, operator, policy, place).await.map(Some)
}

/// Takes a rule out of the policy, which is held, and ends the transaction.
async fn take(
    deps: &Deps,
    transaction: Transaction,
    operator: &Operator,
    mut policy: Policy,
    place: usize,
) -> Result<Changed, StoreError> {
    let rule = policy.rules.remove(place);
    store::client_policy::delete(&transaction, rule.id).await?;
    let moved = judge(&transaction, &policy, Some(&rule.subject)).await?;
    let detail = json!({ "effect": rule.effect.as_str() });
    let event = Event { action: Action::PolicyRuleRemoved, target: target(&rule), detail, moved };
    record(deps, &transaction, operator, event).await?;
    transaction.commit().await?;
    Ok(Changed { rule, moved })
}

/// Changes what holds for every client that no rule fits.
pub async fn set_default(deps: &Deps, operator: &Operator, effect: Effect) -> Result<Moved, StoreError> {
    let transaction = deps.store.begin().await?;
    let mut policy = store::client_policy::hold(&transaction).await?;
    let from = std::mem::replace(&mut policy.default, effect);
    if from == effect {
        return Ok(Moved::default());
    }
    store::client_policy::set_default(&transaction, effect).await?;
    let moved = judge(&transaction, &policy, None).await?;
    let detail = json!({ "from": from.as_str(), "to": effect.as_str() });
    let event = Event { action: Action::PolicyDefaultChanged, target: "default".to_owned(), detail, moved };
    record(deps, &transaction, operator, event).await?;
    transaction.commit().await?;
    Ok(moved)
}

/// `host evil.example`
fn target(rule: &PolicyRule) -> String {
    format!("{} {}", rule.subject.kind(), rule.subject.text())
}
