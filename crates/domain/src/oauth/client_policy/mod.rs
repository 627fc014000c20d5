//! The operator's policy for clients: rules about one client, about hosts and about names, and what holds for all others.

mod decide;
mod pattern;
mod rule;

pub use decide::{Decision, Policy, Reason};
pub use pattern::{FoldedName, HostPattern, InvalidHostPattern, InvalidNamePattern, NamePattern};
pub use rule::{Effect, InvalidRule, PolicyRule, RuleSubject, UnknownEffect};
