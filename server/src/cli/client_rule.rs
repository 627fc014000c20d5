//! `visage client rule add | list | remove`: rules for clients by their hosts and names.

use super::{
    Fault,
    client::{moved_clients, not_added},
    output,
};
use crate::start;
use clap::{Args, Subcommand};
use domain::{
    id::PolicyRuleId,
    oauth::client_policy::{Effect, RuleSubject},
};
use usecases::{
    Deps,
    access::operator::at_command_line,
    client_policy::{self, RemoveRuleError},
};

#[derive(Debug, Subcommand)]
pub enum Rule {
    /// Add a rule, or change the one about the same: visage client rule add --block --host evil.example
    ///
    /// What was decided about one client goes first; then the strictest rule that fits it counts. A client is allowed by its hosts when every address that it may be sent
    /// to is allowed.
    Add {
        #[command(flatten)]
        effect: Said,
        #[command(flatten)]
        about: About,
    },
    /// List the rules, and what is done with a client that none of them fits
    List,
    /// Remove a rule, effective on the next request
    Remove {
        /// What the rule is about, or its identifier, both as the list shows them: visage client rule remove evil.example
        rule: String,
    },
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Said {
    /// People may authorize such clients
    #[arg(long)]
    allow: bool,
    /// Nobody may authorize such a client before you approve it; what was granted goes on
    #[arg(long)]
    ask: bool,
    /// Such clients are refused from their next request on
    #[arg(long)]
    block: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct About {
    /// Where a client's document lies or its answers are sent: example.com, *.example.com, loopback, or a scheme as cursor:
    #[arg(long)]
    host: Option<String>,
    /// What a client calls itself, with * for anything; anybody may call themselves anything
    #[arg(long, value_name = "PATTERN")]
    name: Option<String>,
}

impl Rule {
    pub async fn run(self, deps: &Deps) -> Result<(), Fault> {
        match self {
            Self::Add { effect, about } => add(deps, &effect, &about).await,
            Self::List => list(deps).await,
            Self::Remove { rule } => remove(deps, &rule).await,
        }
    }
}

async fn add(deps: &Deps, said: &Said, about: &About) -> Result<(), Fault> {
    let effect = match said {
        Said { allow: true, .. } => Effect::Allow,
        Said { block: true, .. } => Effect::Block,
        Said { .. } => Effect::Ask,
    };
    let (kind, text) = match (&about.host, &about.name) {
        (Some(host), _) => ("host", host.as_str()),
        (None, name) => ("name", name.as_deref().unwrap_or_default()),
    };
    let subject = RuleSubject::parse(kind, text).map_err(|error| Fault::of(&error))?;
    let changed = client_policy::add_rule(deps, &at_command_line(), subject, effect).await.map_err(not_added)?;
    let text = changed.rule.subject.text();
    output::line(format_args!("Clients of {kind} {text}: {effect}{}", moved_clients(changed.moved)))
}

async fn remove(deps: &Deps, said: &str) -> Result<(), Fault> {
    let unknown = || Fault::new(format!("There is no rule {said:?}: `visage client rule list` shows all."));
    let id = match said.parse() {
        Ok(id) => id,
        Err(_) => find(deps, said).await?.ok_or_else(unknown)?,
    };
    let removed = client_policy::remove_rule(deps, &at_command_line(), id).await;
    let changed = removed.map_err(|error| match error {
        RemoveRuleError::NotFound => unknown(),
        RemoveRuleError::Store(error) => start::database(&error),
    })?;
    let (kind, text) = (changed.rule.subject.kind(), changed.rule.subject.text());
    output::line(format_args!("Removed the rule for {kind} {text}{}", moved_clients(changed.moved)))
}

/// The one rule about what was said; none where there is none.
async fn find(deps: &Deps, said: &str) -> Result<Option<PolicyRuleId>, Fault> {
    let policy = client_policy::policy(deps, &at_command_line()).await.map_err(|error| start::database(&error))?;
    // A host may be typed in other letters than it is kept in.
    let meant: Vec<RuleSubject> =
        ["client", "host", "name"].iter().filter_map(|kind| RuleSubject::parse(kind, said).ok()).collect();
    let found: Vec<_> = policy.rules.iter().filter(|rule| meant.contains(&rule.subject)).collect();
    match found.as_slice() {
        [] => Ok(None),
        [rule] => Ok(Some(rule.id)),
        several => {
            let each: Vec<String> =
                several.iter().map(|rule| format!("{} for the {}", rule.id, rule.subject.kind())).collect();
            Err(Fault::new(format!(
                "Several rules are about {said:?}: name the one to remove by its identifier, {}.",
                each.join(" or ")
            )))
        }
    }
}

pub(super) async fn list(deps: &Deps) -> Result<(), Fault> {
    let policy = client_policy::policy(deps, &at_command_line()).await.map_err(|error| start::database(&error))?;
    let mut rows: Vec<_> = policy
        .rules
        .iter()
        .map(|rule| [rule.id.to_string(), rule.effect.to_string(), rule.subject.kind().to_owned(), rule.subject.text()])
        .collect();
    rows.push(["-".to_owned(), policy.default.to_string(), "all others".to_owned(), String::new()]);
    output::table(["RULE", "EFFECT", "ABOUT", "WHICH"], rows)
}
