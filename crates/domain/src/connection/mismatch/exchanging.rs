//! Words for mismatches: codes and refresh tokens.

use super::{Mismatch, Who, difference::difference, with};

impl Mismatch {
    pub(super) fn words_of_exchanging(&self) -> (String, &'static str, Who) {
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
                with(
                    format!("The app named {asked} when it exchanged the code, but the person was asked for {authorized}."),
                    difference(asked, [authorized.as_str()]),
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
}
