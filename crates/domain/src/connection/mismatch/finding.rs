//! Words for mismatches: finding the server and becoming known to it.

use super::{Mismatch, Who};

impl Mismatch {
    pub(super) fn words_of_finding(&self) -> (String, &'static str, Who) {
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
}
