//! Scopes: the four that exist, and how a set of them is asked for and narrowed.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    OpenId,
    Profile,
    Email,
    OfflineAccess,
}

impl Scope {
    pub const ALL: [Self; 4] = [Self::OpenId, Self::Profile, Self::Email, Self::OfflineAccess];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenId => "openid",
            Self::Profile => "profile",
            Self::Email => "email",
            Self::OfflineAccess => "offline_access",
        }
    }

    /// What a person reads beside it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::OpenId => "That it is you, by a number",
            Self::Profile => "Your name",
            Self::Email => "Your email address",
            Self::OfflineAccess => "Stay connected without asking again",
        }
    }

    /// Required scopes can't be taken off at consent.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::OpenId)
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// A set of scopes, written in one order: `openid profile email offline_access`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct ScopeSet(u8);

impl ScopeSet {
    pub const EMPTY: Self = Self(0);

    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// What resource metadata and challenges name: never `offline_access`, which is no permission at the resource.
    pub fn at_resource() -> Self {
        [Scope::OpenId, Scope::Profile, Scope::Email].into_iter().collect()
    }

    /// What every call at a resource needs.
    pub fn required() -> Self {
        Scope::ALL.into_iter().filter(|scope| scope.is_required()).collect()
    }

    /// Reads a `scope` parameter (RFC 6749, section 3.3). Names that we don't know are left out: older clients ask for
    /// scopes of their own making.
    pub fn parse(text: &str) -> Self {
        text.split_ascii_whitespace().filter_map(Scope::from_name).collect()
    }

    pub const fn contains(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub const fn with(self, scope: Scope) -> Self {
        Self(self.0 | (1 << scope as u8))
    }

    #[must_use]
    pub const fn without(self, scope: Scope) -> Self {
        Self(self.0 & !(1 << scope as u8))
    }

    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub const fn is_subset_of(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.contains(*scope))
    }

    /// What the consent screen offers for what a client asked: everything when it asked for nothing we know, always the
    /// required ones, and staying connected whenever the client can refresh at all, so that the person decides.
    pub fn offered(asked: Self, client_may_refresh: bool) -> Self {
        let base = if asked.is_empty() { Self::all() } else { asked }.with(Scope::OpenId);
        if client_may_refresh { base.with(Scope::OfflineAccess) } else { base.without(Scope::OfflineAccess) }
    }

    /// What an answer to the client names of what it was granted (RFC 6749, section 5.1). Staying connected is offered unasked,
    /// and is told by the refresh token: libraries refuse an answer that names a scope which they did not ask for.
    pub fn told(self, asked: Self) -> Self {
        if asked.is_empty() || asked.contains(Scope::OfflineAccess) { self } else { self.without(Scope::OfflineAccess) }
    }

    /// What a person grants: what stayed ticked of what was offered, and the required ones.
    pub fn granted(offered: Self, ticked: Self) -> Self {
        let required: Self = offered.iter().filter(|scope| scope.is_required()).collect();
        Self(offered.intersection(ticked).0 | required.0)
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        scopes.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for ScopeSet {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self::parse(text))
    }
}

impl From<String> for ScopeSet {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<ScopeSet> for String {
    fn from(scopes: ScopeSet) -> Self {
        scopes.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_scopes_are_left_out() {
        assert_eq!(ScopeSet::parse("claudeai  email openid\topenid").to_string(), "openid email");
    }

    #[test]
    fn the_person_narrows_but_never_widens() {
        let offered = ScopeSet::offered(ScopeSet::parse("profile"), true);
        assert_eq!(offered.to_string(), "openid profile offline_access");
        assert_eq!(
            ScopeSet::granted(offered, ScopeSet::parse("email offline_access")).to_string(),
            "openid offline_access"
        );
        assert_eq!(ScopeSet::granted(offered, ScopeSet::EMPTY).to_string(), "openid");
    }

    #[test]
    fn staying_connected_is_told_to_whoever_asked_for_it_or_for_nothing_in_particular() {
        let granted = ScopeSet::parse("openid profile offline_access");
        for (asked, told) in [
            ("openid profile email", "openid profile"),
            ("profile", "openid profile"),
            ("profile offline_access", "openid profile offline_access"),
            ("", "openid profile offline_access"),
            ("claudeai", "openid profile offline_access"),
        ] {
            assert_eq!(granted.told(ScopeSet::parse(asked)).to_string(), told, "{asked:?}");
        }
    }

    #[test]
    fn a_client_that_asks_for_nothing_is_offered_everything_it_can_use() {
        assert_eq!(ScopeSet::offered(ScopeSet::EMPTY, true), ScopeSet::all());
        assert_eq!(ScopeSet::offered(ScopeSet::parse("claudeai"), false).to_string(), "openid profile email");
    }
}
