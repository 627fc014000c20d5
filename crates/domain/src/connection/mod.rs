//! The diary of connecting: which steps an app took on its way to a connection, and where it failed. Told to people in
//! words; never a secret, never an address of the network.

mod attempt;
mod mismatch;
mod source;

pub use attempt::{Attempt, Known, Line, State, WINDOW, attempts, lines};
pub(crate) use mismatch::difference;
pub use mismatch::{Advice, Mismatch, Who};
pub use source::{Network, Source, SourceKey};

use crate::{
    clock::Timestamp,
    id::{AuthorizationRequestId, ConnectionEventId, GrantId, UserId},
    oauth::client::ClientId,
};

/// The road, in the order in which it is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A call without a token is told where to sign in (RFC 9728).
    Challenge,
    /// The resource's or the authorization server's document is read (RFC 9728, RFC 8414).
    Metadata,
    /// The app introduces itself (RFC 7591), or its document is fetched.
    Registration,
    /// The app sends a person here.
    Authorize,
    /// The person answers.
    Consent,
    /// The code, later a refresh token, is exchanged.
    Token,
    /// A call with the token.
    FirstCall,
}

impl Step {
    pub const ALL: [Self; 7] = [
        Self::Challenge,
        Self::Metadata,
        Self::Registration,
        Self::Authorize,
        Self::Consent,
        Self::Token,
        Self::FirstCall,
    ];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Challenge => "challenge",
            Self::Metadata => "metadata",
            Self::Registration => "registration",
            Self::Authorize => "authorize",
            Self::Consent => "consent",
            Self::Token => "token",
            Self::FirstCall => "first_call",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == name)
    }

    /// As people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Challenge => "Challenge",
            Self::Metadata => "Metadata",
            Self::Registration => "Registration",
            Self::Authorize => "Authorize",
            Self::Consent => "Consent",
            Self::Token => "Token",
            Self::FirstCall => "First call",
        }
    }

    /// What happened when it went well.
    pub const fn passed(self) -> &'static str {
        match self {
            Self::Challenge => "The app called without a token and was told where to sign in.",
            Self::Metadata => "The app read how to sign in here.",
            Self::Registration => "The app introduced itself and is known here.",
            Self::Authorize => "The app sent a person here, with a request that is in order.",
            Self::Consent => "The person authorized the app.",
            Self::Token => "The app exchanged its code for a token.",
            Self::FirstCall => "The app made its first call with the token.",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed(Mismatch),
}

impl Outcome {
    pub const fn mismatch(&self) -> Option<&Mismatch> {
        match self {
            Self::Passed => None,
            Self::Failed(mismatch) => Some(mismatch),
        }
    }
}

/// One step of one app. What it has in common with other events is what binds them to one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionEvent {
    pub id: ConnectionEventId,
    /// When it happened first.
    pub at: Timestamp,
    /// When it happened last, where it was repeated.
    pub last_at: Timestamp,
    pub step: Step,
    pub outcome: Outcome,
    pub client: Option<ClientId>,
    pub request: Option<AuthorizationRequestId>,
    pub grant: Option<GrantId>,
    /// Who was signed in.
    pub user: Option<UserId>,
    pub source: Option<Source>,
    /// How often it happened.
    pub count: u32,
}

impl ConnectionEvent {
    /// Seen once, and nothing known of whose it is.
    pub const fn new(id: ConnectionEventId, at: Timestamp, step: Step, outcome: Outcome) -> Self {
        Self {
            id,
            at,
            last_at: at,
            step,
            outcome,
            client: None,
            request: None,
            grant: None,
            user: None,
            source: None,
            count: 1,
        }
    }

    /// Whether it says nothing of which app it was.
    pub const fn is_anonymous(&self) -> bool {
        self.client.is_none() && self.request.is_none() && self.grant.is_none()
    }

    /// Whether somebody only looked around, as whoever connects does first, and apps that are connected do at each start.
    pub fn is_look_in(&self) -> bool {
        self.is_anonymous() && self.outcome == Outcome::Passed && self.step <= Step::Metadata
    }

    /// Whether it only says that a token was used where somebody had looked in before.
    pub const fn is_call_after_a_look_in(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(Mismatch::AlreadyConnected))
    }

    /// Whether somebody sent it in the name of an app, without any proof.
    pub const fn is_unproven(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(Mismatch::UnprovenCaller))
    }
}
