//! Words for mismatches: what a person answers.

use super::{Mismatch, Who};

impl Mismatch {
    pub(super) fn words_of_answering(&self) -> (String, &'static str, Who) {
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
}
