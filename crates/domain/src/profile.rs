//! People who can be looked up: the facts a workspace's directory holds about each.

use crate::{
    avatar::PhotoId,
    clock::Timestamp,
    id::{ProfileId, WorkspaceId},
    linkedin_url::VanityName,
};
use serde::{Deserialize, Serialize};

/// What is known about a person. An absent fact is unknown, never false.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileFacts {
    pub name: String,
    pub headline: Option<String>,
    pub company: Option<String>,
    pub summary: Option<String>,
    pub industry: Option<String>,
    pub location: Option<String>,
    pub open_to_work: Option<bool>,
}

impl ProfileFacts {
    /// These facts, filled up with what only `older` knows.
    #[must_use]
    pub fn over(self, older: Self) -> Self {
        Self {
            name: if self.name.is_empty() { older.name } else { self.name },
            headline: self.headline.or(older.headline),
            company: self.company.or(older.company),
            summary: self.summary.or(older.summary),
            industry: self.industry.or(older.industry),
            location: self.location.or(older.location),
            open_to_work: self.open_to_work.or(older.open_to_work),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub id: ProfileId,
    pub workspace: WorkspaceId,
    pub vanity: VanityName,
    pub facts: ProfileFacts,
    pub photo: Option<PhotoId>,
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_facts_win_and_older_ones_fill_the_gaps() {
        let older = ProfileFacts {
            name: "Ada".into(),
            headline: Some("Countess".into()),
            location: Some("London".into()),
            ..ProfileFacts::default()
        };
        let newer = ProfileFacts { name: String::new(), headline: Some("Analyst".into()), ..ProfileFacts::default() };
        let merged = newer.over(older);
        assert_eq!(
            (merged.name.as_str(), merged.headline.as_deref(), merged.location.as_deref()),
            ("Ada", Some("Analyst"), Some("London"))
        );
    }
}
