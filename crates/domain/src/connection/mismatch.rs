//! Everything that can go wrong between an app and a connection, each in words: what happened, what to do, and whose turn it
//! is. A closed list: what is not here is not told.

use crate::text::one_line;
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
    /// An admin of the workspace.
    Admin,
}

impl Who {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Person => "you",
            Self::App => "the app’s makers",
            Self::Operator => "whoever runs this server",
            Self::Admin => "an admin of the workspace",
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
    // Finding the server.
    WrongPath { path: String },
    WrongHost { named: Option<String>, expected: String },
    WrongOrigin { origin: String },
    WrongScheme { expected: String },
    // Becoming known.
    Registration { told: String },
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
    // Answering.
    NoWorkspace,
    NotAMember { workspace: Option<String> },
    RoleTooLow,
    Denied,
    RequestClosed,
    // Exchanging.
    ClientAuthentication,
    CodeUnknown,
    CodeSpent,
    CodeExpired,
    CodeOfAnotherClient,
    Verifier,
    CallbackUrlChanged { asked: Option<String>, authorized: String },
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
        Self::WrongPath { path: short(path) }
    }

    pub fn wrong_host(named: Option<&str>, expected: &str) -> Self {
        Self::WrongHost { named: named.map(short), expected: short(expected) }
    }

    pub fn wrong_origin(origin: &str) -> Self {
        Self::WrongOrigin { origin: short(origin) }
    }

    pub fn registration(told: &str) -> Self {
        Self::Registration { told: short(told) }
    }

    pub fn document(told: &str) -> Self {
        Self::Document { told: short(told) }
    }

    pub fn request(told: &str) -> Self {
        Self::Request { told: short(told) }
    }

    pub fn callback_url<'a>(asked: Option<&str>, registered: impl IntoIterator<Item = &'a str>) -> Self {
        let registered = registered.into_iter().take(MOST_REGISTERED).map(short).collect();
        Self::CallbackUrl { asked: asked.map(short), registered }
    }

    pub fn callback_url_changed(asked: Option<&str>, authorized: &str) -> Self {
        Self::CallbackUrlChanged { asked: asked.map(short), authorized: short(authorized) }
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
            Self::NoWorkspace => "No workspace",
            Self::NotAMember { .. } => "Not a member",
            Self::RoleTooLow => "The role is too low",
            Self::Denied => "Declined",
            Self::RequestClosed => "The request was closed",
            Self::ClientAuthentication => "The app could not prove who it is",
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
            Self::NeverAnswered => "Nobody answered",
            Self::NeverCameBack => "The app never came back",
            Self::NeverCalled => "Connected, and never called",
            Self::ServerFault => "Something failed on this server",
        }
    }

    /// What happened, what to do, and who does it.
    pub fn advice(&self) -> Advice {
        let (what, remedy, by) = self.words();
        Advice { what, remedy: remedy.to_owned(), by }
    }

    fn words(&self) -> (String, &'static str, Who) {
        match self {
            Self::WrongPath { .. }
            | Self::WrongHost { .. }
            | Self::WrongOrigin { .. }
            | Self::WrongScheme { .. }
            | Self::Registration { .. }
            | Self::Document { .. }
            | Self::TooManyRequests => self.words_of_finding(),
            Self::UnknownClient
            | Self::BlockedClient
            | Self::ApprovalNeeded
            | Self::CallbackUrl { .. }
            | Self::PkceMissing
            | Self::PkceMethod { .. }
            | Self::WrongResource { .. }
            | Self::Request { .. } => self.words_of_asking(),
            Self::NoWorkspace | Self::NotAMember { .. } | Self::RoleTooLow | Self::Denied | Self::RequestClosed => {
                self.words_of_answering()
            }
            Self::ClientAuthentication
            | Self::CodeUnknown
            | Self::CodeSpent
            | Self::CodeExpired
            | Self::CodeOfAnotherClient
            | Self::Verifier
            | Self::CallbackUrlChanged { .. }
            | Self::Scope
            | Self::RefreshUnknown
            | Self::RefreshExpired
            | Self::RefreshReplayed => self.words_of_exchanging(),
            Self::TokenInAddress
            | Self::TokenUnreadable
            | Self::TokenUnknown
            | Self::TokenExpired
            | Self::Revoked
            | Self::AccountDisabled
            | Self::ScopeTooNarrow => self.words_of_calling(),
            Self::NeverWentOn
            | Self::NeverAsked
            | Self::NeverAnswered
            | Self::NeverCameBack
            | Self::NeverCalled
            | Self::ServerFault => self.words_of_silence(),
        }
    }

    fn words_of_finding(&self) -> (String, &'static str, Who) {
        match self {
            Self::WrongPath { path } => (
                format!("The app called {path}, where there is no connector."),
                "Use the connector URL to the letter: it ends in /mcp, or in /mcp/ and a workspace.",
                Who::Person,
            ),
            Self::WrongHost { named, expected } => (
                match named {
                    Some(named) => {
                        format!("The app called this server by the name {named}, but it only answers to {expected}.")
                    }
                    None => format!("The app did not say which server it wants; this one answers to {expected}."),
                },
                "Set public_url (VISAGE_PUBLIC_URL) to the address that people type, and let the proxy pass the Host header on unchanged.",
                Who::Operator,
            ),
            Self::WrongOrigin { origin } => (
                format!("A web page of {origin} called this server, and only known pages may."),
                "If that page should be able to call, add its origin to allowed_origins.",
                Who::Operator,
            ),
            Self::WrongScheme { expected } => (
                format!(
                    "The call came in by another protocol than the address of this server says, which is {expected}."
                ),
                "Use https in the connector URL, redirect http to https at the proxy, and have it send X-Forwarded-Proto truthfully.",
                Who::Operator,
            ),
            Self::Registration { told } => (
                format!("The app introduced itself with details that are refused: {told}."),
                "Update the app; if that does not help, tell its makers what stands here.",
                Who::App,
            ),
            Self::Document { told } => (
                format!("The app names a document about itself that can’t be used: {told}."),
                "Try again in a few minutes; if it stays so, the app’s makers must mend the document.",
                Who::App,
            ),
            _ => (
                "The app asked too often in a short time and was told to wait.".to_owned(),
                "Wait a minute, then connect once more.",
                Who::Person,
            ),
        }
    }

    fn words_of_asking(&self) -> (String, &'static str, Who) {
        match self {
            Self::UnknownClient => (
                "The app used an identity that is not known here: its registration is gone, or belongs to another server."
                    .to_owned(),
                "Remove the connector in the app and add it again.",
                Who::Person,
            ),
            Self::BlockedClient => (
                "The operator of this server does not let this app connect.".to_owned(),
                "Ask whoever runs this server to allow it.",
                Who::Operator,
            ),
            Self::ApprovalNeeded => (
                "The operator of this server has not approved this app yet.".to_owned(),
                "Approve the app, then have the person connect again.",
                Who::Operator,
            ),
            Self::CallbackUrl { asked, registered } => (
                format!(
                    "The app wanted the answer sent to {}, but it registered {}.",
                    asked.as_deref().unwrap_or("no address at all"),
                    listed(registered)
                ),
                "Remove the connector in the app and add it again. If you entered the app by hand, enter the address it asks for.",
                Who::App,
            ),
            Self::PkceMissing => (
                "The app did not protect its request with PKCE (code_challenge is missing).".to_owned(),
                "Update the app: OAuth 2.1 clients send code_challenge with the method S256.",
                Who::App,
            ),
            Self::PkceMethod { asked } => (
                match asked {
                    Some(asked) => format!("The app used the PKCE method {asked}; only S256 is safe enough."),
                    None => "The app did not name its PKCE method, which would mean plain; only S256 is safe enough.".to_owned(),
                },
                "Update the app: OAuth 2.1 clients use the method S256.",
                Who::App,
            ),
            Self::WrongResource { asked, expected } => (
                format!("The app asked for access to {asked}, but this connection is for {expected}."),
                "Remove the connector and add it again with exactly the connector URL; if it is right already, public_url is set wrongly.",
                Who::Person,
            ),
            Self::Request { told } => (
                format!("The app’s request has a mistake in it: {told}."),
                "Update the app; if that does not help, tell its makers what stands here.",
                Who::App,
            ),
            _ => self.words_of_silence(),
        }
    }

    fn words_of_answering(&self) -> (String, &'static str, Who) {
        match self {
            Self::NoWorkspace => (
                "The person belongs to no workspace that the app could be connected to.".to_owned(),
                "Create a workspace, or have an admin add you to theirs, and connect again.",
                Who::Person,
            ),
            Self::NotAMember { workspace } => (
                match workspace {
                    Some(workspace) => format!(
                        "The connector URL belongs to the workspace {workspace}, and the person is no member of it."
                    ),
                    None => "The person is no member of the workspace any more.".to_owned(),
                },
                "Add the person to the workspace, or use the connector URL without a workspace in it.",
                Who::Admin,
            ),
            Self::RoleTooLow => (
                "The person’s role in the workspace does not allow what the app wants.".to_owned(),
                "Give the person a higher role, then have them connect again.",
                Who::Admin,
            ),
            Self::Denied => (
                "The person pressed Cancel, and the app was told so.".to_owned(),
                "Nothing, if that was meant. Otherwise connect again and press Authorize.",
                Who::Person,
            ),
            _ => (
                "The answer came too late or twice: the request had expired or was answered before.".to_owned(),
                "If the app does not say that it is connected, start again there.",
                Who::Person,
            ),
        }
    }

    fn words_of_exchanging(&self) -> (String, &'static str, Who) {
        match self {
            Self::ClientAuthentication => (
                "The app could not prove who it is: its identity is unknown here, or its secret is wrong.".to_owned(),
                "Remove the connector in the app and add it again.",
                Who::Person,
            ),
            Self::CodeUnknown => (
                "The app presented a code that this server never gave out, or gave out long ago.".to_owned(),
                "Connect again. If it happens each time, several servers answer under one address without sharing a database.",
                Who::Operator,
            ),
            Self::CodeSpent => (
                "The app presented a code for the second time, so the connection was ended to be safe.".to_owned(),
                "Connect again. If it happens each time, the app or a proxy sends its requests twice.",
                Who::Person,
            ),
            Self::CodeExpired => (
                "The app took longer than a minute to exchange its code.".to_owned(),
                "Connect again. If it happens each time, the way between the app and this server is too slow.",
                Who::Person,
            ),
            Self::CodeOfAnotherClient => (
                "The app presented a code that was given to another app.".to_owned(),
                "Remove the connector in the app and add it again.",
                Who::Person,
            ),
            Self::Verifier => (
                "The PKCE verifier does not belong to this request: two attempts at once got mixed up, or somebody else holds the code."
                    .to_owned(),
                "Close other attempts to connect, and connect again.",
                Who::Person,
            ),
            Self::CallbackUrlChanged { asked, authorized } => (
                format!(
                    "The app named {} when it exchanged the code, but the person was asked for {authorized}.",
                    asked.as_deref().unwrap_or("no callback URL")
                ),
                "Update the app: it must repeat the callback URL to the letter.",
                Who::App,
            ),
            Self::Scope => (
                "The app asked for nothing that the person granted.".to_owned(),
                "Connect again, and leave ticked what the app needs.",
                Who::Person,
            ),
            Self::RefreshExpired => (
                "The app did not use the connection for so long that it ended.".to_owned(),
                "Connect again.",
                Who::Person,
            ),
            Self::RefreshReplayed => (
                "A refresh token that was exchanged long before came again: somebody may hold a copy, so the tokens were ended."
                    .to_owned(),
                "Connect again. If it keeps happening, two installations of the app share one connection.",
                Who::Person,
            ),
            _ => (
                "The app presented a refresh token that is not known here any more.".to_owned(),
                "Connect again.",
                Who::Person,
            ),
        }
    }

    fn words_of_calling(&self) -> (String, &'static str, Who) {
        match self {
            Self::TokenInAddress => (
                "The app put its token into the address, where logs would keep it.".to_owned(),
                "Update the app: the token belongs into the Authorization header.",
                Who::App,
            ),
            Self::TokenUnreadable => (
                "The app called with an Authorization header that holds no bearer token.".to_owned(),
                "Remove hand-written headers from the connector’s settings: the app signs in by itself. A proxy may also have put its own there.",
                Who::Person,
            ),
            Self::TokenUnknown => (
                "The app called with a token that is not known here: it is another server’s, or ended long ago."
                    .to_owned(),
                "Reconnect the app.",
                Who::Person,
            ),
            Self::TokenExpired => (
                "The app called with a token that had expired, instead of refreshing it first.".to_owned(),
                "Most apps refresh by themselves now. If this one stays disconnected, reconnect it.",
                Who::Person,
            ),
            Self::Revoked => (
                "The connection was revoked, and the app tried to go on using it.".to_owned(),
                "Nothing, if that was meant. Otherwise connect again.",
                Who::Person,
            ),
            Self::ScopeTooNarrow => (
                "The app narrowed its token so far that this server can do nothing with it.".to_owned(),
                "Reconnect the app; if that does not help, its makers must ask for the scopes that the server names.",
                Who::App,
            ),
            _ => (
                "The account behind the connection is disabled.".to_owned(),
                "Ask whoever runs this server to enable the account.",
                Who::Operator,
            ),
        }
    }

    fn words_of_silence(&self) -> (String, &'static str, Who) {
        match self {
            Self::NeverWentOn => (
                "An app looked at this server and did not go on. Often that is only a check whether the server is there.".to_owned(),
                "If you were connecting: finish signing in within the app, and look whether it shows an error.",
                Who::Person,
            ),
            Self::NeverAsked => (
                "The app registered, and then no browser arrived: its sign-in window was blocked or closed.".to_owned(),
                "Allow pop-ups for the app, and connect again.",
                Who::Person,
            ),
            Self::NeverAnswered => (
                "Nobody answered the question whether the app may connect.".to_owned(),
                "Connect again, sign in, and press Authorize within ten minutes.",
                Who::Person,
            ),
            Self::NeverCameBack => (
                "The person authorized the app, and it never came to exchange its code: something stops its servers before they reach this one."
                    .to_owned(),
                "Look for a firewall, a bot filter or a list of countries in front of /token and /mcp, and let the app’s servers pass.",
                Who::Operator,
            ),
            Self::NeverCalled => (
                "The app got its token and never called with it. Filters against AI crawlers often let the sign-in through and stop the calls."
                    .to_owned(),
                "Use the connector once. If it fails, let the app’s servers pass to /mcp at the firewall.",
                Who::Operator,
            ),
            _ => (
                "This server failed while it answered the app. It is written in its log.".to_owned(),
                "Try again; if it fails again, tell whoever runs this server.",
                Who::Operator,
            ),
        }
    }
}

fn short(text: &str) -> String {
    one_line(text, LONGEST)
}

fn listed(addresses: &[String]) -> String {
    if addresses.is_empty() { "none".to_owned() } else { addresses.join(" and ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of each.
    fn all() -> Vec<Mismatch> {
        use Mismatch::*;
        let text = || "x".to_owned();
        vec![
            Mismatch::wrong_path("/"),
            Mismatch::wrong_host(Some("evil.example"), "visage.example"),
            Mismatch::wrong_host(None, "visage.example"),
            Mismatch::wrong_origin("https://evil.example"),
            WrongScheme { expected: "https://visage.example".to_owned() },
            Mismatch::registration("redirect_uris is missing"),
            Mismatch::document("the server answered with status 404"),
            TooManyRequests,
            UnknownClient,
            BlockedClient,
            ApprovalNeeded,
            Mismatch::callback_url(Some("https://b.example"), ["https://a.example"]),
            Mismatch::callback_url(None, []),
            PkceMissing,
            Mismatch::pkce_method(Some("plain")),
            Mismatch::pkce_method(None),
            Mismatch::wrong_resource("https://other.example/mcp", "https://visage.example/mcp"),
            Mismatch::request("response_type must be code"),
            NoWorkspace,
            NotAMember { workspace: Some(text()) },
            NotAMember { workspace: None },
            RoleTooLow,
            Denied,
            RequestClosed,
            ClientAuthentication,
            CodeUnknown,
            CodeSpent,
            CodeExpired,
            CodeOfAnotherClient,
            Verifier,
            Mismatch::callback_url_changed(None, "https://a.example"),
            Scope,
            RefreshUnknown,
            RefreshExpired,
            RefreshReplayed,
            TokenInAddress,
            TokenUnreadable,
            TokenUnknown,
            TokenExpired,
            Revoked,
            AccountDisabled,
            ScopeTooNarrow,
            NeverWentOn,
            NeverAsked,
            NeverAnswered,
            NeverCameBack,
            NeverCalled,
            ServerFault,
        ]
    }

    #[test]
    fn each_mismatch_says_what_happened_and_what_to_do_in_words_of_its_own() {
        let mut told = std::collections::HashSet::new();
        for mismatch in all() {
            let Advice { what, remedy, .. } = mismatch.advice();
            for sentence in [&what, &remedy] {
                assert!(
                    sentence.ends_with('.') && sentence.starts_with(char::is_uppercase),
                    "{mismatch:?}: {sentence}"
                );
            }
            assert!(told.insert(what), "{mismatch:?} says what another one says");
        }
    }

    #[test]
    fn each_mismatch_reads_back_as_it_was() {
        for mismatch in all() {
            let stored = serde_json::to_string(&mismatch).unwrap();
            assert_eq!(serde_json::from_str::<Mismatch>(&stored).unwrap(), mismatch, "{stored}");
        }
    }

    #[test]
    fn a_callback_mismatch_shows_both_addresses() {
        let what = Mismatch::callback_url(Some("https://b.example/x"), ["https://a.example/y"]).advice().what;
        assert!(what.contains("https://b.example/x") && what.contains("https://a.example/y"), "{what}");
    }

    #[test]
    fn what_strangers_write_stays_one_short_line() {
        let hostile = format!("/\u{202e}{}\n", "a".repeat(10_000));
        let Mismatch::WrongPath { path } = Mismatch::wrong_path(&hostile) else { panic!("another mismatch") };
        assert!(path.starts_with("/a") && path.ends_with('…') && path.chars().count() <= 201, "{path}");
    }
}
