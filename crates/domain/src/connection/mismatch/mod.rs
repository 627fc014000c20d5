//! Everything that can go wrong between an app and a connection, each in words: what happened, what to do, and whose turn it
//! is. A closed list: what is not here is not told.

mod difference;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use difference::difference;

use self::words::Reader;
use crate::{
    oauth::client_name::{UNNAMED, client_name},
    text::one_line,
};
use serde::{Deserialize, Serialize};

/// How much of a stranger's text is kept, in graphemes.
const LONGEST: usize = 200;
/// How many of an app's registered addresses are shown beside the one it asked for.
const MOST_REGISTERED: usize = 5;

/// Who can mend it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Whoever connects their app.
    Person,
    /// The makers of the app.
    App,
    /// Whoever runs this server.
    Operator,
}

impl Who {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Person => "whoever connects the app",
            Self::App => "the app’s makers",
            Self::Operator => "whoever runs this server",
        }
    }
}

/// A mismatch in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    pub what: String,
    pub remedy: String,
    pub by: Who,
}

/// What the app and this server did not agree on. Texts of strangers in it are cut to one short line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Mismatch {
    // Finding the server. `connector` is the address of the connection whose token was shown at the path.
    WrongPath { path: String, connector: Option<String> },
    WrongHost { named: Option<String>, expected: String },
    WrongOrigin { origin: String },
    WrongScheme { expected: String },
    // Becoming known. `name` is what the app called itself: nobody vouches for it.
    Registration { told: String, name: Option<String> },
    Document { told: String },
    TooManyRequests,
    // Asking.
    UnknownClient,
    BlockedClient,
    ApprovalNeeded,
    CallbackUrl { asked: Option<String>, registered: Vec<String> },
    PkceMissing,
    PkceMethod { asked: Option<String> },
    WrongResource { asked: String, expected: String },
    Request { told: String },
    SilentCheck { answer: String },
    AlreadyConnected,
    // Answering.
    NoWorkspace,
    NotAMember { workspace: Option<String> },
    Denied,
    RequestClosed,
    // Exchanging.
    ClientAuthentication,
    UnprovenCaller,
    CodeUnknown,
    CodeSpent,
    CodeExpired,
    CodeOfAnotherClient,
    Verifier,
    CallbackUrlChanged { asked: String, authorized: String },
    Scope,
    RefreshUnknown,
    RefreshExpired,
    RefreshReplayed,
    // Calling.
    TokenInAddress,
    TokenUnreadable,
    TokenUnknown,
    TokenExpired,
    Revoked,
    AccountDisabled,
    ScopeTooNarrow,
    // What did not happen.
    NeverWentOn,
    NeverAsked,
    NeverAnswered,
    NeverCameBack,
    NeverCalled,
    ServerFault,
}

impl Mismatch {
    pub fn wrong_path(path: &str) -> Self {
        Self::WrongPath { path: short(path), connector: None }
    }

    /// `called` by a connection whose address is `connector`.
    pub fn wrong_address(called: &str, connector: &str) -> Self {
        Self::WrongPath { path: short(called), connector: Some(short(connector)) }
    }

    pub fn wrong_host(named: Option<&str>, expected: &str) -> Self {
        Self::WrongHost { named: named.map(short), expected: short(expected) }
    }

    pub fn wrong_origin(origin: &str) -> Self {
        Self::WrongOrigin { origin: short(origin) }
    }

    pub fn registration(told: &str) -> Self {
        Self::Registration { told: short(told), name: None }
    }

    /// The same of an app that calls itself `claimed`, as names of apps are shown.
    #[must_use]
    pub fn of_app(self, claimed: &str) -> Self {
        match self {
            Self::Registration { told, .. } => {
                Self::Registration { told, name: Some(client_name(claimed)).filter(|name| name != UNNAMED) }
            }
            other => other,
        }
    }

    pub fn document(told: &str) -> Self {
        Self::Document { told: short(told) }
    }

    pub fn request(told: &str) -> Self {
        Self::Request { told: short(told) }
    }

    /// `answer` as the wire calls it.
    pub fn silent_check(answer: &str) -> Self {
        Self::SilentCheck { answer: short(answer) }
    }

    pub fn callback_url<'a>(asked: Option<&str>, registered: impl IntoIterator<Item = &'a str>) -> Self {
        let registered = registered.into_iter().take(MOST_REGISTERED).map(short).collect();
        Self::CallbackUrl { asked: asked.map(short), registered }
    }

    pub fn callback_url_changed(asked: &str, authorized: &str) -> Self {
        Self::CallbackUrlChanged { asked: short(asked), authorized: short(authorized) }
    }

    pub fn pkce_method(asked: Option<&str>) -> Self {
        Self::PkceMethod { asked: asked.map(short) }
    }

    pub fn wrong_resource(asked: &str, expected: &str) -> Self {
        Self::WrongResource { asked: short(asked), expected: short(expected) }
    }

    /// A few words, for lists and headings.
    pub const fn title(&self) -> &'static str {
        match self {
            Self::WrongPath { .. } => "Wrong path",
            Self::WrongHost { .. } => "Wrong host name",
            Self::WrongOrigin { .. } => "A web page that may not call",
            Self::WrongScheme { .. } => "http instead of https",
            Self::Registration { .. } => "Registration refused",
            Self::Document { .. } => "The app’s document is unusable",
            Self::TooManyRequests => "Too many requests",
            Self::UnknownClient => "The app is not known here",
            Self::BlockedClient => "The app is blocked",
            Self::ApprovalNeeded => "The app waits for approval",
            Self::CallbackUrl { .. } | Self::CallbackUrlChanged { .. } => "Callback URL mismatch",
            Self::PkceMissing | Self::PkceMethod { .. } => "PKCE is missing",
            Self::WrongResource { .. } => "Wrong resource",
            Self::Request { .. } => "A mistake in the request",
            Self::SilentCheck { .. } | Self::AlreadyConnected => "A silent check",
            Self::NoWorkspace => "No workspace",
            Self::NotAMember { .. } => "Not a member",
            Self::Denied => "Declined",
            // Whether somebody answered too late or never: the cure is the same.
            Self::RequestClosed | Self::NeverAnswered => "The request was closed",
            Self::ClientAuthentication => "The app could not prove who it is",
            Self::UnprovenCaller => "An unproven caller",
            Self::CodeUnknown => "Unknown code",
            Self::CodeSpent => "The code was used before",
            Self::CodeExpired => "The code expired",
            Self::CodeOfAnotherClient => "Another app’s code",
            Self::Verifier => "PKCE verifier mismatch",
            Self::Scope => "Scope not granted",
            Self::RefreshUnknown => "Unknown refresh token",
            Self::RefreshExpired => "The connection lay idle for too long",
            Self::RefreshReplayed => "A refresh token was used twice",
            Self::TokenInAddress => "The token stood in the address",
            Self::TokenUnreadable => "No readable token",
            Self::TokenUnknown => "Unknown token",
            Self::TokenExpired => "The token expired",
            Self::Revoked => "Revoked",
            Self::AccountDisabled => "The account is disabled",
            Self::ScopeTooNarrow => "The token allows too little",
            Self::NeverWentOn => "Looked in and did not go on",
            Self::NeverAsked => "Never sent the person here",
            Self::NeverCameBack => "The app never came back",
            Self::NeverCalled => "Connected, and never called",
            Self::ServerFault => "Something failed on this server",
        }
    }

    /// As stored: which of them it is, whatever it is about.
    pub fn kind(&self) -> String {
        let stored = serde_json::to_value(self).unwrap_or_default();
        stored["kind"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether it is what did not happen: no step of an attempt tells it.
    pub const fn is_silence(&self) -> bool {
        matches!(
            self,
            Self::NeverWentOn | Self::NeverAsked | Self::NeverAnswered | Self::NeverCameBack | Self::NeverCalled
        )
    }

    /// Whether it is no fault at all: the ordinary answer to what was asked.
    pub const fn is_ordinary(&self) -> bool {
        matches!(self, Self::SilentCheck { .. } | Self::AlreadyConnected)
    }

    /// Whether the operator's rules keep the app out.
    pub const fn is_refusal(&self) -> bool {
        matches!(self, Self::BlockedClient | Self::ApprovalNeeded)
    }

    /// What apps of two names were refused is two things.
    pub fn is_of_one_kind_with(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other) && self.claimed_name() == other.claimed_name()
    }

    /// What the app called itself that was never known here.
    pub fn claimed_name(&self) -> Option<&str> {
        match self {
            Self::Registration { name, .. } => name.as_deref(),
            _ => None,
        }
    }

    /// Whether `earlier`, of the same connection, explains it: a code is spent by the request that failed, and connections end
    /// by what was used twice.
    pub(super) const fn may_follow_from(&self, earlier: &Self) -> bool {
        match self {
            Self::CodeSpent => matches!(
                earlier,
                Self::Verifier
                    | Self::CallbackUrlChanged { .. }
                    | Self::WrongResource { .. }
                    | Self::CodeExpired
                    | Self::Revoked
                    | Self::AccountDisabled
                    | Self::NotAMember { .. }
            ),
            Self::Revoked => matches!(earlier, Self::CodeSpent | Self::RefreshReplayed),
            _ => false,
        }
    }

    /// What happened, what to do, and who does it.
    pub fn advice(&self) -> Advice {
        self.advice_to(Reader::Operator)
    }

    /// The same as its person reads it: what they did and what they can do.
    pub fn advice_to_its_person(&self) -> Advice {
        self.advice_to(Reader::ItsPerson)
    }

    fn advice_to(&self, reader: Reader) -> Advice {
        let (what, remedy, by) = self.words(reader);
        Advice { what, remedy: remedy.to_owned(), by }
    }
}

fn short(text: &str) -> String {
    one_line(text, LONGEST)
}
