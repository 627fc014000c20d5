//! The pages of the server itself, for its operators. For everybody else they are not there.

pub mod attempts;
pub mod clients;
pub mod decide;
pub mod new_client;
pub mod rules;

use usecases::{
    Deps,
    access::{
        operator::{Operator, operator},
        session::Viewer,
    },
    client_policy::Moved,
};

use domain::oauth::client::Standing;
use leptos::prelude::*;

use crate::{
    components::{frame::ServerPlace, notice::Tone},
    error::PageError,
    pages::{form_viewer, page},
    request::{deps, see_other, signed_in},
    words,
};

/// `/server`: the clients stand first.
#[component]
pub fn ServerPage() -> impl IntoView {
    page("This server", async {
        enter()?;
        Err(PageError::SeeOther(ServerPlace::Clients.path().to_owned()))
    })
}

/// The viewer, who runs the server.
fn enter() -> Result<(Deps, Viewer, Operator), PageError> {
    let (deps, viewer) = (deps()?, signed_in()?);
    let operator = operator(&viewer).ok_or(PageError::NotFound)?;
    Ok((deps, viewer, operator))
}

/// Opens a form of these pages. None where it can't be: then the way on is in the answer already.
fn open_form(form_token: &str) -> Option<(Deps, Operator)> {
    let deps = deps().ok()?;
    let Some(viewer) = form_viewer(form_token) else {
        see_other("/sign-in");
        return None;
    };
    let operator = operator(&viewer);
    if operator.is_none() {
        see_other("/");
    }
    operator.map(|operator| (deps, operator))
}

/// Where a client stands, in one word, and how much attention it asks for.
const fn standing_word(standing: Standing) -> (Tone, &'static str) {
    match standing {
        Standing::Allowed => (Tone::Good, "Allowed"),
        Standing::Asked => (Tone::Warn, "Waiting"),
        Standing::Blocked => (Tone::Bad, "Blocked"),
    }
}

/// What became of the clients that a change was about: ` 2 apps are blocked now, 1 app waits.`
fn told(moved: Moved) -> String {
    let part = |count: usize, one: &str, many: &str| {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        (count > 0).then(|| format!("{} {} ", words::counted(count, "app"), if count == 1 { one } else { many }))
    };
    let parts = [
        part(moved.blocked, "is refused from its next request on", "are refused from their next request on"),
        part(moved.asked, "waits for your approval", "wait for your approval"),
        part(moved.allowed, "may be authorized", "may be authorized"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| part.trim_end().to_owned()).collect();
    if parts.is_empty() { " No app stands elsewhere for it.".to_owned() } else { format!(" {}.", parts.join("; ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_change_did_is_told_in_one_sentence() {
        assert_eq!(told(Moved::default()), " No app stands elsewhere for it.");
        let moved = Moved { blocked: 2, asked: 1, allowed: 0 };
        assert_eq!(told(moved), " 2 apps are refused from their next request on; 1 app waits for your approval.");
    }
}
