//! Words for mismatches: what happened, what to do, and whose turn it is. One list, so that the compiler sees that none is
//! missing; along the road, in its order.

use super::{Mismatch, Who, difference::difference};

const QUOTATION_MARKS: [char; 23] = [
    '"', '“', '”', '„', '‟', '«', '»', '‹', '›', '「', '」', '『', '』', '〝', '〞', '〟', '″', '‶', '❝', '❞', 'ʺ',
    'ˮ', '״',
];
const APOSTROPHES: [char; 8] = ['\'', '‘', '’', '‚', '‛', '′', '`', '´'];

/// Who reads the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Whoever helps: they read of somebody.
    Operator,
    /// That somebody.
    ItsPerson,
}

impl Reader {
    const fn pick(self, of_them: &'static str, to_them: &'static str) -> &'static str {
        match self {
            Self::Operator => of_them,
            Self::ItsPerson => to_them,
        }
    }
}

impl Mismatch {
    pub(super) fn words(&self, to: Reader) -> (String, &'static str, Who) {
        match self {
            // Finding the server and becoming known to it.
            Self::WrongPath { path, connector } => (
                with(
                    format!("The app called {path}, where there is no connector."),
                    connector.as_ref().map(|connector| format!("The one of this connection is at {connector}.")),
                ),
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
            Self::Registration { told, name } => (
                match name.as_deref().map(quotable).filter(|name| !name.is_empty()) {
                    Some(name) => {
                        format!("An app that calls itself “{name}” introduced itself with details that are refused: {told}.")
                    }
                    None => format!("The app introduced itself with details that are refused: {told}."),
                },
                "Update the app; if that does not help, tell its makers what stands here.",
                Who::App,
            ),
            Self::Document { told } => (
                format!("The app names a document about itself that can’t be used: {told}."),
                "Try again in a few minutes; if it stays so, the app’s makers must mend the document.",
                Who::App,
            ),
            Self::TooManyRequests => (
                "The app asked too often in a short time and was told to wait.".to_owned(),
                "Wait a minute, then connect once more.",
                Who::Person,
            ),
            // Asking a person.
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
                to.pick(
                    "Approve the app, then have the person connect again.",
                    "Ask whoever runs this server to approve it, then connect again.",
                ),
                Who::Operator,
            ),
            Self::CallbackUrl { asked, registered } => (
                with(
                    format!(
                        "The app wanted the answer sent to {}, but it registered {}.",
                        asked.as_deref().unwrap_or("no address at all"),
                        listed(registered)
                    ),
                    asked.as_deref().and_then(|asked| difference(asked, registered.iter().map(String::as_str))),
                ),
                "Remove the connector in the app and add it again, so that it registers anew. If whoever runs this server entered the app by hand, the address it asks for must be entered too.",
                Who::Person,
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
                with(
                    format!("The app asked for access to {asked}, but this connection is for {expected}."),
                    difference(asked, [expected.as_str()]),
                ),
                "Remove the connector and add it again with exactly the connector URL; if it is right already, public_url is set wrongly.",
                Who::Person,
            ),
            Self::Request { told } => (
                format!("The app’s request has a mistake in it: {told}."),
                "Update the app; if that does not help, tell its makers what stands here.",
                Who::App,
            ),
            Self::SilentCheck { answer } => (
                format!(
                    "The app asked whether it may go on without anybody being asked (prompt=none), and got the ordinary answer to that: {answer}."
                ),
                to.pick(
                    "Nothing. An app that wants to connect sends the person here next.",
                    "Nothing. An app that wants to connect sends you here next.",
                ),
                Who::App,
            ),
            Self::AlreadyConnected => (
                "An app looked in here, and soon after a call came from the same place with a token that is good: mostly it is connected, and looks whether the server is there."
                    .to_owned(),
                "Nothing. If it was another app there that could not connect, connect that one again.",
                Who::App,
            ),
            // What the person answers.
            Self::NoWorkspace => (
                to.pick(
                    "The person belongs to no workspace that the app could be connected to.",
                    "You belong to no workspace that the app could be connected to.",
                )
                .to_owned(),
                "Create a workspace, or ask whoever runs this server to add you to one, and connect again.",
                Who::Person,
            ),
            Self::NotAMember { workspace } => (
                match workspace {
                    Some(workspace) => format!(
                        "The connector URL belongs to the workspace {workspace}, and {} no member of it.",
                        to.pick("the person is", "you are")
                    ),
                    None => to
                        .pick(
                            "The person is no member of the workspace any more.",
                            "You are no member of the workspace any more.",
                        )
                        .to_owned(),
                },
                to.pick(
                    "Add the person to the workspace, or use the connector URL without a workspace in it.",
                    "Ask whoever runs this server to add you to it, or use the connector URL without a workspace in it.",
                ),
                Who::Operator,
            ),
            Self::Denied => (
                to.pick(
                    "The person pressed Cancel, and the app was told so.",
                    "You pressed Cancel, and the app was told so.",
                )
                .to_owned(),
                "Nothing, if that was meant. Otherwise connect again and press Authorize.",
                Who::Person,
            ),
            Self::RequestClosed => (
                "The answer came too late: nobody had answered in time, and the request was closed.".to_owned(),
                "Start again in the app, and answer at once: a request stays open for a few minutes only.",
                Who::Person,
            ),
            // Codes and refresh tokens.
            Self::ClientAuthentication => (
                "The app came for its token and could not prove who it is: its secret or signature is missing or wrong.".to_owned(),
                "Enter client_id and secret once more in the app, or remove the connector there and add it again.",
                Who::Person,
            ),
            Self::UnprovenCaller => (
                "Somebody called in the name of an app and did not prove to be it: the identity is not known here or is blocked, or the secret or signature is wrong."
                    .to_owned(),
                "If it is your app, enter client_id and secret once more in it, or remove the connector there and add it again. If not, nothing: nothing was given out.",
                Who::Person,
            ),
            Self::CodeUnknown => (
                "The app presented a code that this server never gave out, or gave out long ago.".to_owned(),
                "Connect again. If it happens each time, several servers answer under one address without sharing a database.",
                Who::Operator,
            ),
            Self::CodeSpent => (
                "The app presented a code for the second time. If the first time brought it tokens, they were ended to be safe."
                    .to_owned(),
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
                with(
                    format!(
                        "The app named {asked} when it exchanged the code, but {} asked for {authorized}.",
                        to.pick("the person was", "you were")
                    ),
                    difference(asked, [authorized.as_str()]),
                ),
                "Update the app: it must repeat the callback URL to the letter.",
                Who::App,
            ),
            Self::Scope => (
                to.pick("The app asked for nothing that the person granted.", "The app asked for nothing that you granted.")
                    .to_owned(),
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
            Self::RefreshUnknown => (
                "The app presented a refresh token that is not known here any more.".to_owned(),
                "Connect again.",
                Who::Person,
            ),
            // Calls with a token.
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
            Self::AccountDisabled => (
                "The account behind the connection is disabled.".to_owned(),
                "Ask whoever runs this server to enable the account.",
                Who::Operator,
            ),
            // What did not happen, and what is our own fault.
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
                "Nobody answered in time whether the app may connect, and the request was closed.".to_owned(),
                "Start again in the app, sign in, and press Authorize: a request stays open for a few minutes only.",
                Who::Person,
            ),
            Self::NeverCameBack => (
                format!(
                    "{} authorized the app, and it never came to exchange its code: something stops its servers before they reach this one.",
                    to.pick("The person", "You")
                ),
                "Look for a firewall, a bot filter or a list of countries in front of /token and /mcp, and let the app’s servers pass.",
                Who::Operator,
            ),
            Self::NeverCalled => (
                "The app got its token and never called with it. Filters against AI crawlers often let the sign-in through and stop the calls."
                    .to_owned(),
                "Use the connector once. If it fails, let the app’s servers pass to /mcp at the firewall.",
                Who::Operator,
            ),
            Self::ServerFault => (
                "This server failed while it answered the app. It is written in its log.".to_owned(),
                "Try again; if it fails again, tell whoever runs this server.",
                Who::Operator,
            ),
        }
    }
}

/// A stranger's words without what would close the quotation marks around them, or look as if it did: two apostrophes
/// become one.
fn quotable(words: &str) -> String {
    let mut kept = String::new();
    for character in words.chars().filter(|character| !QUOTATION_MARKS.contains(character)) {
        if !(APOSTROPHES.contains(&character) && kept.ends_with(APOSTROPHES)) {
            kept.push(character);
        }
    }
    kept
}

fn listed(addresses: &[String]) -> String {
    if addresses.is_empty() { "none".to_owned() } else { addresses.join(" and ") }
}

/// A sentence and, where there is one, another behind it.
fn with(sentence: String, another: Option<String>) -> String {
    match another {
        Some(another) => format!("{sentence} {another}"),
        None => sentence,
    }
}
