//! Words for mismatches: asking a person.

use super::{Mismatch, Who, difference::difference, listed, with};

impl Mismatch {
    pub(super) fn words_of_asking(&self) -> (String, &'static str, Who) {
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
            _ => self.words_of_silence(),
        }
    }
}
