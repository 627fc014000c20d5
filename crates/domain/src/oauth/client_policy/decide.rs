//! All rules together: where a client stands by them, and why.

use super::{Effect, FoldedName, PolicyRule, RuleSubject};
use crate::oauth::{
    client::{Client, ClientId, Registration, Standing},
    redirect_uri::{Destination, RedirectUri},
};
use url::Url;

/// All rules, each about another subject, and what holds where none fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub rules: Vec<PolicyRule>,
    pub default: Effect,
}

/// Where a client stands, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision<'a> {
    pub standing: Standing,
    pub reason: Reason<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason<'a> {
    Rule(&'a PolicyRule),
    /// The operator entered it, and no rule blocks it.
    Entered,
    Default,
}

impl Policy {
    /// A rule for that very client goes before all others. Among rules for hosts and names the strictest that fits counts;
    /// to be allowed by its hosts, a client must send no answer anywhere else.
    ///
    /// A client that the operator entered is never asked for: there is nobody left to ask.
    pub fn decide(&self, client: &Client) -> Decision<'_> {
        let facts = Facts::of(client);
        let rule = self
            .own_rule(&client.id)
            .or_else(|| self.rule_with(Effect::Block, &facts))
            .or_else(|| (!is_entered(client)).then(|| self.rule_with(Effect::Ask, &facts)).flatten());
        if let Some(rule) = rule {
            return Decision { standing: rule.effect.standing(), reason: Reason::Rule(rule) };
        }
        if is_entered(client) {
            return Decision { standing: Standing::Allowed, reason: Reason::Entered };
        }
        match self.allowing_rule(&facts) {
            Some(rule) => Decision { standing: Standing::Allowed, reason: Reason::Rule(rule) },
            None => Decision { standing: self.default.standing(), reason: Reason::Default },
        }
    }

    pub fn standing(&self, client: &Client) -> Standing {
        self.decide(client).standing
    }

    /// The rule about one client, if there is one.
    pub fn own_rule(&self, id: &ClientId) -> Option<&PolicyRule> {
        self.rules.iter().find(|rule| matches!(&rule.subject, RuleSubject::Client(about) if about == id))
    }

    /// The rules for hosts and names alone: where a client would stand had nobody decided about it.
    pub fn without_decisions(&self) -> Self {
        let is_general = |rule: &&PolicyRule| !matches!(rule.subject, RuleSubject::Client(_));
        Self { rules: self.rules.iter().filter(is_general).cloned().collect(), default: self.default }
    }

    fn rule_with(&self, effect: Effect, facts: &Facts) -> Option<&PolicyRule> {
        self.rules.iter().filter(|rule| rule.effect == effect).find(|rule| match &rule.subject {
            RuleSubject::Client(_) => false,
            RuleSubject::Host(pattern) => facts.places().any(|place| pattern.matches(place)),
            RuleSubject::Name(pattern) => pattern.matches(&facts.name),
        })
    }

    fn allowing_rule(&self, facts: &Facts) -> Option<&PolicyRule> {
        let find = |fits: &dyn Fn(&RuleSubject) -> bool| {
            self.rules.iter().find(|rule| rule.effect == Effect::Allow && fits(&rule.subject))
        };
        let by_host = |place: &Destination| {
            find(&|subject| matches!(subject, RuleSubject::Host(pattern) if pattern.matches(place)))
        };
        let by_name = find(&|subject| matches!(subject, RuleSubject::Name(pattern) if pattern.matches(&facts.name)));
        // Who serves a client's document says with it where answers may be sent.
        by_name.or_else(|| facts.document.as_ref().and_then(by_host)).or_else(|| {
            let rules: Option<Vec<_>> = facts.redirects.iter().map(by_host).collect();
            rules.and_then(|rules| rules.first().copied())
        })
    }
}

/// What rules look at: where a client's document lies, where its answers are sent, and its name.
struct Facts {
    document: Option<Destination>,
    redirects: Vec<Destination>,
    name: FoldedName,
}

impl Facts {
    fn of(client: &Client) -> Self {
        let is_document = client.registration == Registration::MetadataDocument;
        let url = if is_document { Url::parse(&client.id.0).ok() } else { None };
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        Self {
            document: host.map(|host| Destination::Web { host }),
            redirects: client.redirect_uris.iter().map(RedirectUri::destination).collect(),
            name: FoldedName::of(&client.name),
        }
    }

    fn places(&self) -> impl Iterator<Item = &Destination> {
        self.document.iter().chain(&self.redirects)
    }
}

fn is_entered(client: &Client) -> bool {
    client.registration == Registration::PreRegistered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Timestamp, id::PolicyRuleId};
    use Standing::{Allowed, Asked, Blocked};
    use uuid::Uuid;

    fn client(id: &str, name: &str, redirect_uris: &[&str], registration: Registration) -> Client {
        Client { name: name.into(), ..Client::public(id, registration, redirect_uris) }
    }

    /// `block host evil.example, allow name Inspector*`
    fn policy(rules: &str, default: Effect) -> Policy {
        let rules = rules.split(", ").filter(|rule| !rule.is_empty()).map(|rule| {
            let mut words = rule.splitn(3, ' ');
            let mut word = || words.next().unwrap();
            PolicyRule {
                id: PolicyRuleId(Uuid::nil()),
                effect: word().parse().unwrap(),
                subject: RuleSubject::parse(word(), word()).unwrap(),
                created_at: Timestamp::from_millis(0),
            }
        });
        Policy { rules: rules.collect(), default }
    }

    #[test]
    fn the_strictest_rule_that_fits_counts_and_a_clients_own_goes_before_it() {
        let sheet = client("c1", "Contact Sheet", &["https://sheet.example/cb"], Registration::Dynamic);
        for (rules, default, standing) in [
            ("", Effect::Allow, Allowed),
            ("", Effect::Ask, Asked),
            ("", Effect::Block, Blocked),
            ("block host sheet.example", Effect::Allow, Blocked),
            ("block host *.sheet.example", Effect::Allow, Allowed),
            ("allow host sheet.example", Effect::Ask, Allowed),
            ("allow host sheet.example", Effect::Block, Allowed),
            ("allow host sheet.example, ask name contact*", Effect::Allow, Asked),
            ("allow name contact sheet", Effect::Block, Allowed),
            ("ask host sheet.example, block name contact*", Effect::Allow, Blocked),
            ("block host sheet.example, block name contact*, allow client c1", Effect::Block, Allowed),
            ("allow host sheet.example, ask client c1", Effect::Allow, Asked),
            ("allow host sheet.example, block client c1", Effect::Allow, Blocked),
            ("block client c2", Effect::Allow, Allowed),
            ("block host loopback", Effect::Allow, Allowed),
        ] {
            assert_eq!(policy(rules, default).standing(&sheet), standing, "{rules}; {default}");
        }
    }

    #[test]
    fn one_address_under_a_strict_rule_is_enough_and_one_under_a_lenient_rule_is_not() {
        let uris = ["https://claude.ai/api/mcp/auth_callback", "https://evil.example/cb"];
        let dressed_up = client("c1", "Claude", &uris, Registration::Dynamic);
        for (rules, standing) in [
            ("allow host claude.ai", Asked),
            ("allow host claude.ai, allow host evil.example", Allowed),
            ("allow host claude.ai, block host evil.example", Blocked),
        ] {
            assert_eq!(policy(rules, Effect::Ask).standing(&dressed_up), standing, "{rules}");
        }
        let uris = ["cursor://anysphere.cursor-mcp/cb", "https://www.cursor.com/cb", "http://localhost:8787/cb"];
        let cursor = client("c2", "Cursor", &uris, Registration::Dynamic);
        for (rules, standing) in [
            ("block host cursor:", Blocked),
            ("block host loopback", Blocked),
            ("allow host *.cursor.com, allow host cursor:", Asked),
            ("allow host *.cursor.com, allow host cursor:, allow host loopback", Allowed),
        ] {
            assert_eq!(policy(rules, Effect::Ask).standing(&cursor), standing, "{rules}");
        }
    }

    #[test]
    fn who_serves_a_document_speaks_for_every_address_in_it() {
        let id = "https://claude.ai/oauth/claude-code-client-metadata";
        let code = client(id, "Claude Code", &["http://localhost/callback"], Registration::MetadataDocument);
        assert_eq!(policy("allow host claude.ai", Effect::Ask).standing(&code), Allowed);
        assert_eq!(policy("block host claude.ai", Effect::Allow).standing(&code), Blocked);
        assert_eq!(policy("allow host claude.ai, ask host loopback", Effect::Allow).standing(&code), Asked);
        // An identifier that only looks like an address is no evidence.
        let copy = client(id, "Claude Code", &["http://localhost/callback"], Registration::Dynamic);
        assert_eq!(policy("allow host claude.ai", Effect::Ask).standing(&copy), Asked);
    }

    #[test]
    fn what_the_operator_entered_waits_for_nobody_and_can_be_blocked() {
        let entered = client("c1", "CRM", &["https://crm.example/cb"], Registration::PreRegistered);
        for (rules, default, standing) in [
            ("", Effect::Ask, Allowed),
            ("", Effect::Block, Allowed),
            ("ask name crm", Effect::Ask, Allowed),
            ("ask client c1", Effect::Allow, Asked),
            ("block host crm.example", Effect::Allow, Blocked),
        ] {
            assert_eq!(policy(rules, default).standing(&entered), standing, "{rules}; {default}");
        }
    }

    #[test]
    fn the_reason_is_named_with_the_standing() {
        let policy = policy("ask name contact*, block host sheet.example", Effect::Allow);
        let sheet = client("c1", "Contact Sheet", &["https://sheet.example/cb"], Registration::Dynamic);
        assert_eq!(policy.decide(&sheet).reason, Reason::Rule(&policy.rules[1]));
        let other = client("c2", "Other", &["https://other.example/cb"], Registration::Dynamic);
        assert_eq!(policy.decide(&other).reason, Reason::Default);
        let entered = client("c3", "Other", &["https://other.example/cb"], Registration::PreRegistered);
        assert_eq!(policy.decide(&entered).reason, Reason::Entered);
    }
}
