//! Words for mismatches: what did not happen, and what is our own fault.

use super::{Mismatch, Who};

impl Mismatch {
    pub(super) fn words_of_silence(&self) -> (String, &'static str, Who) {
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
