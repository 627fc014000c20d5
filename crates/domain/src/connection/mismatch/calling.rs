//! Words for mismatches: calls with a token.

use super::{Mismatch, Who};

impl Mismatch {
    pub(super) fn words_of_calling(&self) -> (String, &'static str, Who) {
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
}
