//! What the rules do, and what another one would: for an operator to look at before they decide. Nothing is written.

use super::affected;
use crate::{Deps, access::operator::Operator};
use domain::{
    id::PolicyRuleId,
    oauth::{
        client::{Client, ClientId, Standing},
        client_policy::{Effect, Policy, PolicyRule, Reason, RuleSubject},
    },
};
use std::collections::HashMap;
use store::{StoreError, client_search};

/// A change of the policy that nobody made yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Rule(RuleSubject, Effect),
    Default(Effect),
}

/// What a change would do to the clients of today.
#[derive(Debug, Clone)]
pub struct Foreseen {
    /// How many clients would stand where they stand by it.
    pub decided: usize,
    /// Those that would stand elsewhere than now, by name.
    pub moved: Vec<Moving>,
    /// Those that would, had nobody decided about them alone, by name.
    pub kept: Vec<Kept>,
    /// What the rule about the same subject says now, which the new one would take the place of.
    pub replaces: Option<Effect>,
}

#[derive(Debug, Clone)]
pub struct Moving {
    pub client: Client,
    pub to: Standing,
    pub live_grants: u64,
}

/// A client that the change would be about, and that stays as it was decided about it alone.
#[derive(Debug, Clone)]
pub struct Kept {
    pub client: Client,
    pub live_grants: u64,
}

/// A rule, and for how many clients it is the one that counts.
#[derive(Debug, Clone)]
pub struct RuleAtWork {
    pub rule: PolicyRule,
    pub decided: usize,
    /// The client that it is about, if it is about one that is known still.
    pub client: Option<Client>,
}

#[derive(Debug, Clone)]
pub struct PolicyAtWork {
    /// Oldest first.
    pub rules: Vec<RuleAtWork>,
    pub default: Effect,
    /// For how many clients nothing but the default counts.
    pub by_default: usize,
}

/// The rules, and what each of them does.
pub async fn at_work(deps: &Deps, _: &Operator) -> Result<PolicyAtWork, StoreError> {
    let policy = store::client_policy::find(&deps.store).await?;
    let mut decided: HashMap<PolicyRuleId, usize> = HashMap::new();
    let mut by_default = 0;
    let mut clients = Vec::new();
    affected::each(&deps.store, None, |client| {
        match policy.decide(&client).reason {
            Reason::Rule(rule) => *decided.entry(rule.id).or_default() += 1,
            Reason::Default => by_default += 1,
            Reason::Entered => {}
        }
        if policy.own_rule(&client.id).is_some() {
            clients.push(client);
        }
    })
    .await?;
    let default = policy.default;
    let rules = policy.rules.into_iter().map(|rule| RuleAtWork {
        decided: decided.get(&rule.id).copied().unwrap_or(0),
        client: clients.iter().find(|client| is_about(&rule, client)).cloned(),
        rule,
    });
    Ok(PolicyAtWork { rules: rules.collect(), default, by_default })
}

/// What a change would do.
pub async fn foresee(deps: &Deps, _: &Operator, change: Change) -> Result<Foreseen, StoreError> {
    let mut policy = store::client_policy::find(&deps.store).await?;
    let subject = match &change {
        Change::Rule(subject, _) => Some(subject.clone()),
        Change::Default(_) => None,
    };
    let (changed, replaces) = apply(deps, &mut policy, change);
    let general = policy.without_decisions();
    let counts_for = |policy: &Policy, client: &Client| match policy.decide(client).reason {
        Reason::Rule(rule) => Some(rule.id) == changed,
        Reason::Default => changed.is_none(),
        Reason::Entered => false,
    };
    let mut decided = 0;
    let (mut moved, mut kept) = (Vec::new(), Vec::new());
    affected::each(&deps.store, subject.as_ref(), |client| {
        decided += usize::from(counts_for(&policy, &client));
        let to = policy.standing(&client);
        if to != client.standing {
            moved.push(Moving { client, to, live_grants: 0 });
        } else if policy.own_rule(&client.id).is_some()
            && counts_for(&general, &client)
            && general.standing(&client) != to
        {
            kept.push(Kept { client, live_grants: 0 });
        }
    })
    .await?;
    count_grants(deps, moved.iter_mut().map(|moving| (&moving.client.id, &mut moving.live_grants)).collect()).await?;
    count_grants(deps, kept.iter_mut().map(|kept| (&kept.client.id, &mut kept.live_grants)).collect()).await?;
    moved.sort_by_cached_key(|moving| moving.client.name.to_lowercase());
    kept.sort_by_cached_key(|kept| kept.client.name.to_lowercase());
    Ok(Foreseen { decided, moved, kept, replaces })
}

/// A few at a time: databases bound how much one question may name.
async fn count_grants(deps: &Deps, mut counted: Vec<(&ClientId, &mut u64)>) -> Result<(), StoreError> {
    for some in counted.chunks_mut(500) {
        let ids: Vec<_> = some.iter().map(|(id, _)| *id).collect();
        let grants = client_search::live_grants(&deps.store, &ids).await?;
        for (id, count) in some {
            **count = grants.get(*id).copied().unwrap_or(0);
        }
    }
    Ok(())
}

/// The rule that was added, if it was one, and what it took the place of.
fn apply(deps: &Deps, policy: &mut Policy, change: Change) -> (Option<PolicyRuleId>, Option<Effect>) {
    match change {
        Change::Rule(subject, effect) => {
            let earlier = policy.rules.iter().position(|rule| rule.subject == subject);
            let replaced = earlier.map(|place| policy.rules.remove(place).effect);
            let now = deps.now();
            let id = PolicyRuleId::generate(now, &*deps.entropy);
            policy.rules.push(PolicyRule { id, subject, effect, created_at: now });
            (Some(id), replaced)
        }
        Change::Default(effect) => (None, Some(std::mem::replace(&mut policy.default, effect))),
    }
}

fn is_about(rule: &PolicyRule, client: &Client) -> bool {
    matches!(&rule.subject, RuleSubject::Client(id) if *id == client.id)
}
