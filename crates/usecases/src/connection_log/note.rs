//! What a door says of one step.

use super::limit::About;
use domain::{
    connection::{Mismatch, Network, Outcome, Source, SourceKey, Step},
    id::{AuthorizationRequestId, GrantId, UserId},
    oauth::client::ClientId,
};
use std::net::IpAddr;

/// A name that is longer is no identifier of anybody here.
const LONGEST_CLIENT_ID: usize = 2_000;

/// Whose request it is, as far as a connection tells. It stays in memory: only a keyed hash of it is written down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    pub address: Option<IpAddr>,
    pub user_agent: String,
}

impl Caller {
    pub(super) fn source(&self, key: &SourceKey) -> Source {
        Source::of(key, self.network(), &self.user_agent)
    }

    pub(super) fn network(&self) -> Network {
        Network::of(self.address)
    }
}

/// One step, and whatever is known of whose it is.
#[derive(Debug, Clone)]
pub struct Note {
    pub(super) step: Step,
    pub(super) outcome: Outcome,
    pub(super) client: Option<ClientId>,
    pub(super) request: Option<AuthorizationRequestId>,
    pub(super) grant: Option<GrantId>,
    pub(super) user: Option<UserId>,
    pub(super) caller: Option<Caller>,
}

impl Note {
    pub const fn passed(step: Step) -> Self {
        Self::new(step, Outcome::Passed)
    }

    pub const fn failed(step: Step, mismatch: Mismatch) -> Self {
        Self::new(step, Outcome::Failed(mismatch))
    }

    const fn new(step: Step, outcome: Outcome) -> Self {
        Self { step, outcome, client: None, request: None, grant: None, user: None, caller: None }
    }

    #[must_use]
    pub fn from(self, caller: &Caller) -> Self {
        Self { caller: Some(caller.clone()), ..self }
    }

    /// Whose budget of the diary it takes from. What failed because nobody could tell who calls names no app, whatever it says.
    pub(super) fn about(&self) -> About {
        let is_unproven = match &self.outcome {
            Outcome::Passed => false,
            Outcome::Failed(mismatch) => matches!(
                mismatch,
                Mismatch::UnknownClient
                    | Mismatch::UnprovenCaller
                    | Mismatch::Document { .. }
                    | Mismatch::Request { .. }
                    | Mismatch::TooManyRequests
            ),
        };
        if self.client.is_some() && !is_unproven { About::App } else { About::Nobody }
    }

    /// As it was sent, known or not.
    #[must_use]
    pub fn client(self, id: &str) -> Self {
        let is_one = !id.is_empty() && id.len() <= LONGEST_CLIENT_ID && !id.contains('\0');
        Self { client: is_one.then(|| ClientId(id.to_owned())), ..self }
    }

    /// What the app called itself, where it is not known by anything else.
    #[must_use]
    pub fn claimed_name(self, name: &str) -> Self {
        let outcome = match self.outcome {
            Outcome::Failed(mismatch) => Outcome::Failed(mismatch.of_app(name)),
            Outcome::Passed => Outcome::Passed,
        };
        Self { outcome, ..self }
    }

    #[must_use]
    pub fn request(self, id: AuthorizationRequestId) -> Self {
        Self { request: Some(id), ..self }
    }

    #[must_use]
    pub fn grant(self, id: impl Into<Option<GrantId>>) -> Self {
        Self { grant: id.into(), ..self }
    }

    #[must_use]
    pub fn user(self, id: impl Into<Option<UserId>>) -> Self {
        Self { user: id.into(), ..self }
    }
}
